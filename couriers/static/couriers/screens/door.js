/** At the door: the code, or who takes the parcel where none is needed; and help when there is no code. */

import { h } from "../dom.js";
import { positionJustSeen } from "../position.js";
import { clock } from "../times.js";
import { WORDS } from "../words.js";
import { choice } from "./choice.js";
import { photoField } from "./photo.js";

const W = WORDS.stop;
const PLACE = "safe_place";
const CHANNELS = ["sms", "email"];
const LOST = ["failed", "dropped"];
const TRIES_WORTH_SAYING = 5;

export function codeForm(view) {
  const { attempts_left: left } = view.stop;
  const few = !view.result && left !== null && left > 0 && left < TRIES_WORTH_SAYING;
  const wrong = ["wrong", "last"].includes(view.result?.kind);
  const input = h("input", {
    id: "code", name: "code", class: "code", value: view.typed, inputmode: "numeric", autocomplete: "off",
    enterkeyhint: "done", maxlength: 40, readonly: view.busy, "aria-describedby": view.result ? null : "code-hint",
    "aria-invalid": wrong ? "true" : null, oninput: () => (view.typed = input.value),
  });
  return h(
    "form",
    { id: "code-form", novalidate: true, onsubmit: (event) => confirm(event, view) },
    h("label", { for: "code" }, W.code),
    input,
    !view.result && h("p", { id: "code-hint", class: few ? "hint few" : "hint" }, few ? W.left(left) : W.codeHint),
    h("button", { id: "confirm", class: "primary big", disabled: view.busy }, wordsOf(view, W.confirm)),
  );
}

async function confirm(event, view) {
  event.preventDefault();
  if (view.busy) return;
  const digits = view.typed.replace(/[\s-]/g, "");
  if (!digits) return view.tell({ kind: "note", title: W.needed });
  if (digits === view.refusedDigits) return view.tell({ kind: "wrong", title: W.unchanged });
  await handOver(view, { busy: W.checking, body: { code: view.typed }, secret: true });
  view.refusedDigits = ["wrong", "last"].includes(view.result?.kind) ? digits : null;
}

export function handOverForm(view) {
  const submit = async (event) => {
    event.preventDefault();
    const { received_by, photo } = view;
    const body = photo && received_by === PLACE ? { received_by, photo } : { received_by };
    if (!view.busy && !view.photoBusy) await handOver(view, { busy: W.handing, body });
  };
  const { app, stop } = view;
  const field = photoField(view, { app, about: `place ${stop.shipment}`, hint: WORDS.photo.placeHint, redraw: () => view.draw() });
  const showField = () => (field.hidden = view.received_by !== PLACE);
  showField();
  return h(
    "form",
    { id: "hand-over", onsubmit: submit },
    h(
      "fieldset",
      { class: "choices", disabled: view.busy, onchange: showField },
      h("legend", {}, W.takenBy),
      h("p", { class: "hint" }, W.noCode),
      Object.entries(WORDS.receivedBy).map(([who, words]) => choice("received_by", who, words, view)),
    ),
    field,
    h("button", { id: "confirm", class: "primary big", disabled: Boolean(view.busy || view.photoBusy) }, wordsOf(view, W.handOver)),
  );
}

export async function handOver(view, { busy, body, secret }) {
  const answer = await view.does("handoff", { busy, body, secret, place: positionJustSeen });
  if (answer) view.delivered(answer.proof);
}

function wordsOf(view, words) {
  if (view.busy) return view.busy;
  return view.result?.what === "handoff" && view.result.kind === "unsent" ? W.again : words;
}

// --- No code at hand ----------------------------------------------------------------------------

export function codeHelp(view) {
  const { messages } = view.stop;
  const toggled = (event) => (view.helpIsOpen = event.target.open);
  return h(
    "details",
    { class: "more", id: "no-code", open: view.helpIsOpen, ontoggle: toggled },
    h("summary", {}, W.nobodyHasIt),
    h(
      "div",
      {},
      h("p", {}, messages.length ? W.lastMessage : W.noMessage),
      messages.length > 0 && h("ul", { class: "messages" }, messages.slice(-3).reverse().map((sent) => line(sent, view.zone))),
      messages.length > 0 && messages.every(({ state }) => LOST.includes(state)) && h("p", { class: "few" }, W.unreached),
      ...resendButtons(view, { others: true }),
      releaseLink(view),
    ),
  );
}

/** To ask for it: others decide. */
export function releaseLink(view) {
  return h("a", { class: "button", href: `#release/${view.stop.shipment}` }, W.release);
}

function line({ channel, state, at, why }, zone) {
  const words = `${WORDS.channel[channel]} ${WORDS.message[state]}, ${clock(at, zone)}${why ? `: ${why}` : ""}`;
  return h("li", { class: LOST.includes(state) ? "bad" : null }, words);
}

/** Once more on the recipient's best channel, and where it may help on another. */
export function resendButtons(view, { others }) {
  const last = view.stop.messages.at(-1)?.channel;
  const ways = others ? CHANNELS.filter((channel) => channel !== last) : [];
  const button = (channel, words) =>
    h("button", { type: "button", disabled: view.busy, onclick: () => resend(view, channel) }, words);
  return [button(null, W.resend), ...ways.map((channel) => button(channel, W.resendBy[channel]))];
}

async function resend(view, channel) {
  const sent = await view.does("resend", { busy: W.resending, body: { channel } });
  if (!sent) return;
  Object.assign(view, { refusedDigits: null, typed: "" });
  await view.tell({ kind: "note", ...W.resent(sent, clock(sent.next_allowed_at, view.zone)), reload: true });
}
