/** Elements without markup: whatever a recipient is called, it is only ever text. */

const SVG = "http://www.w3.org/2000/svg";

// Strokes on a 24 × 24 grid. Each result has a shape of its own, so that colour is never all that tells.
const ICONS = {
  tick: ["M4 12.5l5.2 5.2L20 6.8"],
  ticks: ["M1.5 12.5l4.8 4.8L16 7", "M11 16l1.400 1.300L22.500 7"],
  cross: ["M6 6l12 12", "M18 6L6 18"],
  lock: ["M5 11h14v9H5z", "M8 11V8a4 4 0 0 1 8 0v3"],
  clock: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 7.500V12l3.200 2"],
  pause: ["M8 5v14", "M16 5v14"],
  alone: ["M3 20L12 4l9 16z", "M12 10v4.500", "M12 17.200v.3"],
  retry: ["M20 12a8 8 0 1 1-2.600-5.900", "M20 3.500V8h-4.500"],
  note: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M12 11v5.500", "M12 7.500v.3"],
  key: ["M8 8.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z", "M11.500 12H21v3.500", "M17 12v3"],
  door: ["M6 21V4h12v17", "M3.500 21h17", "M14.500 12v1.500"],
  van: ["M2 6h12v10H2z", "M14 9.500h4.500L22 13v3h-8z", "M6.500 18.500v.01", "M17.500 18.500v.01"],
  back: ["M14.500 5l-7 7 7 7"],
};

/** An element. `attributes`: `on…` are listeners, false and null are left out, true is an empty attribute. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  for (const strokes of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", strokes);
    drawing.append(path);
  }
  return drawing;
}

/** A postal code keeps to one line. */
export function unbroken(words) {
  return words.replaceAll(" ", "\u00a0");
}

/** Put a screen in place of what is shown. Focus goes to `focus`, else to its heading. */
export function show(screen, focus) {
  document.getElementById("screen").replaceChildren(...[screen].flat());
  const target = focus ?? document.querySelector("#screen h1");
  if (target && target !== document.activeElement) {
    if (target.tagName === "H1") target.tabIndex = -1;
    target.focus({ preventScroll: target.tagName === "H1" });
    if (target.tagName === "INPUT") target.setSelectionRange(target.value.length, target.value.length);
  }
}

/** Said at once by a screen reader; nothing is seen of it. The same words twice are said twice. */
export function announce(words) {
  const said = document.getElementById("said");
  said.textContent = said.textContent === words ? `${words}\u00a0` : words;
}
