/** What outlives a reload, in localStorage; where a browser forbids that, until the page is closed. */

const PREFIX = "handheld.";
const memory = new Map();

export function read(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? "null");
  } catch {
    return memory.get(name) ?? null;
  }
}

export function write(name, value) {
  memory.set(name, value);
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    /* it stays in memory */
  }
}

export function forget(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(PREFIX + name);
  } catch {
    /* it was only in memory */
  }
}
