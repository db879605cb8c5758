/** One stop: arrive, hand over, or see why not. What is shown follows its state. */

import { announce, h, icon, show, unbroken } from "../dom.js";
import { carryOut } from "../intentions.js";
import { position } from "../position.js";
import { panel, resultAtFirst, resultOf } from "../results.js";
import { vibrate } from "../taps.js";
import { clock } from "../times.js";
import { WORDS } from "../words.js";
import { codeForm, codeHelp, handOver, handOverForm, releaseLink, resendButtons } from "./door.js";
import { follow, openRelease, releasePanel } from "./released.js";
import { fetchRoute } from "./route.js";

const W = WORDS.stop;

export async function stopScreen(app, shipment) {
  const find = () => app.route?.stops.find((stop) => stop.shipment === shipment);
  let result = null;
  if (!find()) {
    show([back(), h("h1", {}, WORDS.route.loading)]);
    result = await fetchRoute(app);
  }
  if (find()) {
    app.view = new StopView(app, find());
    app.view.draw();
  }
  else if (result !== undefined) show([back(), h("h1", {}, W.gone), lost(result, () => stopScreen(app, shipment))]);
}

function lost(result, again) {
  return result ? panel(result, h("button", { onclick: again }, W.again)) : h("p", { class: "lede" }, W.goneLede);
}

/** Everything that is known on this screen; each change draws it anew. */
class StopView {
  constructor(app, stop) {
    this.app = app;
    this.stop = stop;
    this.typed = "";
    this.refusedDigits = null; // the digits that were wrong, as long as they are the last that were judged
    this.received_by = "recipient";
    this.photo = null;
    this.helpIsOpen = false;
    this.busy = null;
    this.proof = null;
    this.result = resultAtFirst(stop);
  }

  get zone() {
    return this.app.route.timezone;
  }

  get isShown() {
    return location.hash === `#stop/${this.stop.shipment}`;
  }

  /** Shown, and not another look at the same stop. */
  get isCurrent() {
    return this.isShown && this.app.view === this;
  }

  draw() {
    if (!this.isShown) return;
    follow(this);
    const drawn = this.proof ? handedOver(this) : whole(this);
    show(drawn, drawn.find((part) => part.id === "code-form")?.elements.code);
    if (this.result && !this.busy) document.querySelector(".result")?.scrollIntoView({ block: "nearest" });
  }

  /**
   * Do one thing at this stop; a second tap while it runs does nothing. `busy`: the words meanwhile; `place`
   * finds the position. Answers what came back, or null after showing why not.
   */
  async does(what, { busy, body, place, secret }) {
    if (this.busy) return null;
    Object.assign(this, { busy, result: null });
    this.draw();
    const { shipment } = this.stop;
    const options = { body, secret, place: place && (await place()) };
    const answer = await carryOut(`${what} ${shipment}`, "POST", `/shipments/${shipment}/${what}`, options);
    this.busy = null;
    if (this.app.hasEnded(answer)) return null;
    if (answer.came && answer.status < 300) return answer.body;
    if (answer.came && "attempts_left" in answer.body) this.stop.attempts_left = answer.body.attempts_left;
    await this.tell({ ...resultOf(answer, this.zone), what });
    return null;
  }

  /** Show what came of it; where the stop may have changed meanwhile, as it is now. */
  async tell(result) {
    this.result = result;
    vibrate(result.kind);
    this.say(`${result.title}. ${result.words ?? ""}`);
    if (result.kind === "already") this.stop.status = "delivered";
    if (result.reload) await this.reload();
    this.draw();
  }

  async reload() {
    await fetchRoute(this.app);
    this.stop = this.app.route?.stops.find(({ shipment }) => shipment === this.stop.shipment) ?? this.stop;
  }

  /** The stop as the service answered it. */
  became(stop) {
    Object.assign(this.app.route.stops.find(({ shipment }) => shipment === stop.shipment) ?? {}, stop);
    Object.assign(this.stop, stop);
    this.draw();
  }

  /** It was handed over: nothing that was typed is kept. */
  delivered(proof) {
    Object.assign(this.stop, { status: "delivered" });
    Object.assign(this, { proof, typed: "", result: null });
    vibrate("right");
    this.say(`${W.delivered}.`);
    this.draw();
  }

  say(words) {
    if (this.isShown) announce(`${this.stop.recipient_name}: ${words}`);
    else this.app.tellLater(`${this.stop.recipient_name}: ${words}`);
  }
}

// --- What is drawn ------------------------------------------------------------------------------

function whole(view) {
  const { stop, result } = view;
  const shown = result && !result.silent && panel(result, ...nextSteps(view));
  const released = result?.closes ? null : releasePanel(view, handOver);
  const here = !result && isThere(view) && panel({ kind: "note", ...W.isHere(clock(stop.recipient_here_at, view.zone)) });
  const open = result?.closes ? null : action(view);
  const parts = [back(), who(stop), here, shown, released, open, word(stop), contents(stop)];
  return parts.flat().filter(Boolean);
}

function back() {
  return h("a", { class: "back", href: "#route" }, icon("back"), W.back);
}

function who({ recipient_name: name, address, instructions }) {
  const { company, line1, line2, city, region, postal_code: postal } = address;
  const lines = [company, line1, line2, [unbroken(postal), city].filter(Boolean).join(" "), region].filter(Boolean);
  return [
    h("h1", {}, name),
    h("address", {}, lines.map((line) => h("span", {}, line))),
    instructions && h("p", { class: "instructions" }, h("strong", {}, W.instructions), h("span", {}, instructions)),
  ];
}

function isThere({ stop }) {
  return stop.status === "out_for_delivery" && stop.recipient_here_at;
}

/** What the courier says first, where a code is asked for. */
function word({ status, word: said }) {
  const words = status === "out_for_delivery" && said;
  return words && h("p", { class: "word" }, `${W.word} `, h("strong", {}, said), h("span", { class: "hint" }, W.wordHint));
}

/** What the refusal itself offers. */
function nextSteps(view) {
  const { next = [], closes } = view.result;
  if (closes) return onward(view);
  const resends = next.includes("resend") ? resendButtons(view, { others: next.includes("other_channel") }) : [];
  return next.includes("release_request") && !openRelease(view.stop) ? [...resends, releaseLink(view)] : resends;
}

/** The one thing to do in this state, and below it the ways out. */
function action(view) {
  const { status, arrived_at: arrived, code_required: coded } = view.stop;
  if (status === "attempt_failed") return reopening(view);
  if (status !== "out_for_delivery") return standing(view);
  if (!arrived) return [arriving(view), cannot(view)];
  if (!coded) return [handOverForm(view), cannot(view)];
  const release = openRelease(view.stop);
  if (view.result?.over || release?.state === "approved") return [cannot(view)];
  const useless = view.result?.kind === "locked" || view.result?.next?.includes("resend"); // or offered there
  return [codeForm(view), !useless && !release && codeHelp(view), cannot(view)];
}

function arriving(view) {
  const again = view.result?.what === "arrive" && view.result.kind === "unsent";
  const arrive = async () => {
    const stop = await view.does("arrive", { busy: W.locating, place: position });
    if (stop) view.became(stop);
  };
  const words = view.busy ?? (again ? W.again : W.here);
  return h("button", { class: "primary big", id: "arrive", disabled: view.busy, onclick: arrive }, words);
}

function cannot(view) {
  return h("a", { class: "button quiet", href: `#fail/${view.stop.shipment}` }, W.cannot);
}

function reopening(view) {
  const reopen = async () => {
    const stop = await view.does("reopen", { busy: W.reopening });
    if (stop) view.became(stop);
  };
  return [
    view.result ? null : panel({ kind: "stopped", title: WORDS.status.attempt_failed, words: W.reopenHint }),
    h("button", { class: "primary big", id: "reopen", disabled: view.busy, onclick: reopen }, view.busy ?? W.reopen),
    ...onward(view),
  ];
}

/** A state in which nothing can be done at this door. */
function standing(view) {
  const { status } = view.stop;
  const kind = status === "delivered" ? "already" : "stopped";
  const told = view.result ? null : panel({ kind, title: WORDS.status[status] ?? status, words: W.standing[status] });
  return [told, ...onward(view)];
}

function handedOver(view) {
  const { proof, stop } = view;
  const words = W.method[proof.method] ?? W.method.other;
  return [
    h(
      "section",
      { class: "result right whole", "data-kind": "right" },
      icon("tick"),
      h("h1", {}, W.delivered),
      h("p", { class: "to" }, stop.recipient_name),
      h("p", {}, `${words} ${clock(proof.delivered_at, view.zone)}`),
      h("div", { class: "next" }, ...onward(view)),
    ),
  ];
}

/** To the next door, or back. */
function onward(view) {
  const isOther = ({ status, shipment }) => status === "out_for_delivery" && shipment !== view.stop.shipment;
  const open = view.app.route.stops.filter(isOther);
  const after = open.find(({ sequence }) => sequence > view.stop.sequence) ?? open[0];
  return [
    after && h("a", { class: "button primary", href: `#stop/${after.shipment}` }, W.next(after.recipient_name)),
    h("a", { class: "button", href: "#route" }, W.toRoute),
  ].filter(Boolean);
}

function contents({ parcels, tracking_number: tracking }) {
  return h(
    "section",
    { class: "contents" },
    h("h2", {}, W.parcels(parcels.length)),
    h("ul", {}, parcels.map(({ barcode }) => h("li", {}, h("bdi", { dir: "ltr" }, barcode)))),
    h("p", {}, `${W.tracking} `, h("bdi", { dir: "ltr" }, tracking)),
  );
}
