/** Asking to hand over without the code. */

import { announce, h, show } from "../dom.js";
import { carryOut } from "../intentions.js";
import { panel, resultOf } from "../results.js";
import { vibrate } from "../taps.js";
import { WORDS } from "../words.js";
import { choice, tick } from "./choice.js";
import { photoField } from "./photo.js";
import { remember } from "./released.js";
import { fetchRoute } from "./route.js";

const W = WORDS.release;

export async function releaseScreen(app, shipment) {
  if (!app.route) await fetchRoute(app);
  const stop = app.route?.stops.find((other) => other.shipment === shipment);
  if (stop) draw(app, { stop, reason: null, note: "", identity_seen: false, photo: null, result: null });
  else app.go("route");
}

const isShown = (stop) => location.hash === `#release/${stop.shipment}`;

function draw(app, view) {
  const { stop } = view;
  if (!isShown(stop)) return;
  const note = h("textarea", { id: "note", rows: 2, maxlength: 500, "aria-describedby": "note-hint", oninput: () => (view.note = note.value) });
  note.value = view.note;
  const form = h(
    "form",
    { novalidate: true, onsubmit: (event) => submit(event, app, view) },
    h(
      "fieldset",
      { class: "choices", onchange: forgetResult },
      h("legend", {}, W.why),
      Object.entries(W.reason).map(([reason, words]) => choice("reason", reason, words, view)),
    ),
    h(
      "fieldset",
      { class: "choices", onchange: forgetResult },
      h("legend", {}, W.evidence),
      tick("identity_seen", W.identity, view),
      photoField(view, { app, about: `release ${stop.shipment}`, hint: W.photoHint, redraw: () => draw(app, view) }),
    ),
    h("label", { for: "note" }, W.note),
    note,
    h("p", { id: "note-hint", class: "hint" }, W.noteHint),
    view.result && panel(view.result, ...wayOut(view)),
    h("button", { id: "go", class: "primary", disabled: Boolean(view.busy || view.photoBusy) }, buttonWords(view)),
  );
  const back = h("a", { class: "back", href: `#stop/${stop.shipment}` }, WORDS.fail.back);
  show([back, h("h1", {}, W.title), h("p", { class: "lede" }, W.lede(stop.recipient_name)), form]);
  if (view.result) document.querySelector(".result").scrollIntoView({ block: "center" });
}

function forgetResult() {
  document.querySelector("#screen .result")?.remove();
}

function wayOut({ result, stop }) {
  if (!result.next?.includes("fail")) return [];
  return [h("a", { class: "button", href: `#fail/${stop.shipment}` }, WORDS.stop.cannot)];
}

function buttonWords(view) {
  if (view.busy) return W.asking;
  return view.result?.kind === "unsent" ? WORDS.stop.again : W.ask;
}

async function submit(event, app, view) {
  event.preventDefault();
  if (view.busy || view.photoBusy) return;
  const missing = view.reason ? (view.identity_seen || view.photo ? null : W.evidenceNeeded) : W.reasonNeeded;
  if (missing) return tell(app, view, { kind: "note", title: missing });
  draw(app, { ...view, result: null, busy: true });
  const { shipment } = view.stop;
  const { reason, note, identity_seen, photo } = view;
  const body = { reason, note: note.trim(), identity_seen, photo };
  const answer = await carryOut(`release-request ${shipment}`, "POST", `/shipments/${shipment}/release-request`, { body });
  if (app.hasEnded(answer)) return;
  if (answer.came && answer.status === 202) {
    view.stop.release = answer.body;
    remember(shipment);
    announce(W.waiting);
    if (isShown(view.stop)) app.go(`stop/${shipment}`);
  } else tell(app, view, resultOf(answer, app.route.timezone));
}

function tell(app, view, result) {
  announce(`${result.title}. ${result.words ?? ""}`);
  vibrate(result.kind);
  draw(app, { ...view, busy: false, result });
}
