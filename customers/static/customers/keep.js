// Has the worker keep the code that shows, for a door without a network, and forget one that shows no more.

const worker = navigator.serviceWorker;

/** The page as it is shown without a network: the code, and what goes with it. Nothing that can be sent. */
function copyOf(page) {
  const copy = page.documentElement.cloneNode(true);
  const main = copy.querySelector("main");
  const [words, side, help, live] = ["#code-kept", ".side", ".help", "#live"].map((each) => main.querySelector(each));
  side.replaceChildren(side.querySelector(".ticket"));
  help.replaceChildren(help.querySelector("#scan"));
  live.dataset.state = "kept";
  for (const button of main.querySelectorAll(".copy")) button.hidden = true;
  main.replaceChildren(words.content, side, help, live, main.querySelector("script"));
  return `<!doctype html>${copy.outerHTML}`;
}

/** What `page`, this document or the one just fetched in its place, shows now. */
export async function remember(page, looks) {
  const until = page.getElementById("code-kept")?.dataset.until;
  const shown = until ? { html: copyOf(page), until: Number(until), looks } : {};
  const registration = await worker?.getRegistration();
  registration?.active?.postMessage(shown);
}

/** Everything but the page itself that made it look as it does. */
function looksOf() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const ours = loaded.filter((url) => new URL(url).origin === location.origin);
  return [...new Set(ours)].filter((url) => !new URL(url).pathname.startsWith("/o/"));
}

async function begin() {
  await worker.register("/o/worker.js", { scope: "/o/" });
  await worker.ready;
  await remember(document, looksOf());
}

// A browser that keeps nothing for anybody has no worker, or refuses it: the page does without.
if (worker && document.getElementById("code-kept")) begin().catch(() => {});
