/** Leaving without a handoff, and why. */

import { announce, h, show } from "../dom.js";
import { carryOut } from "../intentions.js";
import { positionJustSeen } from "../position.js";
import { panel, resultOf } from "../results.js";
import { vibrate } from "../taps.js";
import { WORDS } from "../words.js";
import { choice } from "./choice.js";
import { photoField } from "./photo.js";
import { fetchRoute } from "./route.js";

const W = WORDS.fail;

export async function failScreen(app, shipment) {
  if (!app.route) await fetchRoute(app);
  const stop = app.route?.stops.find((other) => other.shipment === shipment);
  if (stop) draw(app, { stop, reason: null, note: "", photo: null, result: null });
  else app.go("route");
}

const isShown = (stop) => location.hash === `#fail/${stop.shipment}`;

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
      { class: "choices", onchange: () => document.querySelector("#screen .result")?.remove() },
      h("legend", {}, stop.recipient_name),
      Object.entries(WORDS.reason).map(([reason, words]) => choice("reason", reason, words, view)),
    ),
    h("label", { for: "note" }, W.note),
    note,
    h("p", { id: "note-hint", class: "hint" }, W.noteHint),
    photoField(view, { app, about: `fail ${stop.shipment}`, hint: WORDS.photo.failHint, redraw: () => draw(app, view) }),
    view.result && panel(view.result),
    h("button", { id: "go", class: "primary warn", disabled: Boolean(view.busy || view.photoBusy) }, buttonWords(view)),
  );
  const back = h("a", { class: "back", href: `#stop/${stop.shipment}` }, W.back);
  show([back, h("h1", {}, W.title), form]);
  if (view.result) document.querySelector(".result").scrollIntoView({ block: "center" });
}

function buttonWords(view) {
  if (view.busy) return W.going;
  return view.result?.kind === "unsent" ? WORDS.stop.again : W.go;
}

async function submit(event, app, view) {
  event.preventDefault();
  if (view.busy || view.photoBusy) return;
  if (!view.reason) {
    tell(app, view, { kind: "note", title: W.needed });
    return;
  }
  draw(app, { ...view, result: null, busy: true });
  const { shipment, recipient_name: name } = view.stop;
  const body = { reason: view.reason, note: view.note.trim(), ...(view.photo && { photo: view.photo }) };
  const place = await positionJustSeen();
  const answer = await carryOut(`fail ${shipment}`, "POST", `/shipments/${shipment}/fail`, { body, place });
  if (app.hasEnded(answer)) return;
  if (answer.came && answer.status === 200) {
    Object.assign(view.stop, answer.body);
    app.notice = W.done(name);
    if (isShown(view.stop)) app.go("route");
  } else tell(app, view, resultOf(answer, app.route.timezone));
}

function tell(app, view, result) {
  announce(`${result.title}. ${result.words ?? ""}`);
  vibrate(result.kind);
  draw(app, { ...view, busy: false, result });
}
