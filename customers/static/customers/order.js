// The order page, alive: it looks again by itself, and its code can be copied. Without this it is complete.
import "./awake.js";
import "./countdown.js";
import { remember } from "./keep.js";
import "./share.js";

const EVERY_MS = 10_000;
const live = document.getElementById("live");

function offerCopying() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent.trim());
      button.textContent = button.dataset.copied;
    });
  }
}

/** Not under the fingers of somebody who is about to press a button. */
const isBusy = () => document.activeElement?.closest("form, .wait") !== null;

async function lookAgain() {
  if (document.hidden || isBusy()) return;
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (answer?.status === 404 || answer?.status === 410) location.reload();
  if (!answer?.ok || isBusy()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  remember(fresh);
  const now = fresh.getElementById("live");
  if (now && now.dataset.state !== live.dataset.state) redraw(fresh, now);
}

function redraw(fresh, now) {
  const main = document.getElementById("main");
  const open = [...main.querySelectorAll("details[open][id]")].map(({ id }) => id);
  live.dataset.state = now.dataset.state;
  now.replaceWith(live);
  main.replaceChildren(...fresh.getElementById("main").childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  document.body.className = fresh.body.className;
  live.textContent = main.querySelector("h1").textContent;
  document.dispatchEvent(new Event("redrawn"));
}

document.addEventListener("redrawn", offerCopying);
document.addEventListener("visibilitychange", lookAgain);
offerCopying();
if (live.dataset.state) setInterval(lookAgain, EVERY_MS);
