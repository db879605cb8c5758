/** What an answer means at the door: its kind (colour, icon, rhythm), its words, and what can be done now. */

import { h, icon } from "./dom.js";
import { clock } from "./times.js";
import { WORDS } from "./words.js";

const ICON_OF = {
  right: "tick",
  already: "ticks",
  wrong: "cross",
  last: "cross",
  locked: "lock",
  expired: "clock",
  suspended: "pause",
  waiting: "clock",
  approved: "key",
  stopped: "alone",
  unsent: "retry",
  note: "note",
};

const RENEWED =
  "The link in their message may offer them a new code: type that one here. If not, tap “Cannot deliver”.";
const LONG_S = 600;
const LAST_TRY = "1 try left. Read each digit back to them before you confirm.";
const TAKE_BACK = "Do not hand it over. Tap “Cannot deliver” and take the parcel back.";

/** `{kind, title, words, next}` of a refused or lost request. `next` holds only what the service offered. */
export function resultOf(answer, zone) {
  if (!answer.came) return UNSENT;
  const problem = answer.body;
  const explain = EXPLAIN[problem.code];
  const told = explain ? explain(problem, { zone, wait: answer.wait }) : plain(problem);
  return { next: problem.next ?? [], ...told };
}

/** What a stop says before anything was tried. */
export function resultAtFirst({ status, code_required: coded, attempts_left: left }) {
  if (status !== "out_for_delivery" || !coded || left !== 0) return null;
  return { kind: "locked", title: "This code is locked", words: RENEWED, next: ["release_request"] };
}

export const UNSENT = {
  kind: "unsent",
  title: "Not sent yet",
  words: "No answer came, so nobody knows. Keep the parcel and try again: it counts only once.",
  next: [],
};

const EXPLAIN = {
  wrong_code: ({ attempts_left: left }) => {
    if (left === 0) return { kind: "locked", title: "Wrong code", words: `No tries left: this code is locked. ${RENEWED}` };
    if (left === 1) return { kind: "last", title: "Wrong code: last try", words: LAST_TRY };
    return { kind: "wrong", title: "Wrong code", words: `${left} tries left. Compare each digit and correct it.` };
  },
  code_locked: ({ next }) => ({
    kind: "locked",
    title: "This code is locked",
    words: next.includes("rotate") ? RENEWED : `There are no more tries for this parcel. ${TAKE_BACK}`,
    over: !next.includes("rotate"),
  }),
  code_expired: ({ next }) => ({
    kind: "expired",
    title: "This code’s time is over",
    words: next.includes("resend")
      ? "Nothing was counted. Send a new code to the recipient and type that one."
      : `Nothing was counted, but no new code can be sent. ${TAKE_BACK}`,
    over: !next.includes("resend"),
  }),
  recipient_here: ({ until }, { zone }) => ({
    kind: "note",
    title: "They say they are there",
    words: `Ring once more and wait. If nobody opens, you can report it from ${clock(until, zone)} on.`,
    reload: true,
  }),
  courier_suspended: () => ({
    kind: "suspended",
    title: "Typed codes are paused for you",
    words: `Too many wrong codes were typed, over all your stops. Call your depot. ${TAKE_BACK}`,
    over: true,
  }),
  already_delivered: ({ proof }, { zone }) => ({
    kind: "already",
    title: "Already handed over",
    words: `This parcel was handed over at ${clock(proof.delivered_at, zone)}. Nothing more to do.`,
    closes: true,
  }),
  not_out_for_delivery: ({ shipment_status: status }) => stopped(status),
  illegal_transition: ({ shipment_status: status }) => stopped(status),
  not_found: () => ({ kind: "stopped", title: WORDS.stop.gone, words: WORDS.stop.goneLede, closes: true }),
  too_early: () => ({ kind: "note", title: "Arrive first", words: "Tap “I’m at the door”, then confirm.", reload: true }),
  code_required: () => ({ kind: "note", title: "This parcel now needs a code", words: "Ask the recipient for it.", reload: true }),
  code_malformed: ({ detail }) => ({ kind: "note", title: "That is not a delivery code", words: detail }),
  rate_limited: ({ detail, next }, { wait }) => {
    if (next || wait > LONG_S) return { kind: "stopped", title: "Not possible now", words: detail };
    const words = wait ? `It is possible again in ${wait} seconds.` : "Wait a little, then try again.";
    return { kind: "note", title: "Too soon", words };
  },
};

function stopped(status) {
  const cancelled = status === "cancelled";
  return {
    kind: "stopped",
    title: cancelled ? "This delivery was cancelled" : "This parcel is not out for delivery",
    words: cancelled ? "Do not hand it over. Take the parcel back." : `It stands at: ${WORDS.status[status] ?? status}.`,
    reload: true,
  };
}

/** Whatever else the service says, in its own words, with what support needs to find it. */
function plain(problem) {
  const detail = problem.errors?.[0]?.detail ?? problem.detail ?? "";
  return { kind: "note", title: problem.title ?? "That did not work", words: `${detail} (${problem.request_id ?? ""})` };
}

/** The block that shows a result. `extra` are its buttons. */
export function panel({ kind, title, words }, ...extra) {
  return h(
    "section",
    { class: `result ${kind}`, "data-kind": kind },
    icon(ICON_OF[kind]),
    h("div", {}, h("h2", {}, title), words && h("p", {}, words)),
    extra.length > 0 && h("div", { class: "next" }, ...extra),
  );
}
