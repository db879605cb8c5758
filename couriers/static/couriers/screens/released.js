/** What became of asking to hand over without the code, on the stop's screen. */

import { request } from "../api.js";
import { h } from "../dom.js";
import { panel } from "../results.js";
import { read, write } from "../storage.js";
import { clock } from "../times.js";
import { WORDS } from "../words.js";

const W = WORDS.release;
const ASKED = "asked";
const LOOK_EVERY_MS = 5_000;
const SWEPT_AFTER_MS = 20_000;
const CLOCK_TOLERANCE_MS = 60_000;
const LOOK_AT_LEAST_EVERY_MS = 40_000;

/** The open request of a stop: waiting, or approved and not used. */
export function openRelease({ release }) {
  return ["waiting", "approved"].includes(release?.state) ? release : null;
}

/** This shipment's answer is still to be told, over a reload too. */
export function remember(shipment) {
  write(ASKED, { ...read(ASKED), [shipment]: true });
}

function forgetAsked(shipment) {
  if (!read(ASKED)?.[shipment]) return;
  const { [shipment]: _told, ...rest } = read(ASKED) ?? {};
  write(ASKED, rest);
}

/** Ask now and then while the stop is shown, less often while no answer comes. */
export async function follow(view) {
  const { shipment } = view.stop;
  if (view.stop.status !== "out_for_delivery") return forgetAsked(shipment);
  const asked = () => view.stop.status === "out_for_delivery" && (openRelease(view.stop) || read(ASKED)?.[shipment]);
  if (view.follows || !asked()) return;
  view.follows = true;
  let pause = openRelease(view.stop) ? LOOK_EVERY_MS : 0;
  while (asked()) {
    await new Promise((done) => setTimeout(done, pause));
    if (!view.isCurrent) return;
    pause = Math.max(pause, LOOK_EVERY_MS);
    if (view.busy || document.hidden || !asked()) continue;
    const answer = await request("GET", `/shipments/${shipment}/release-request`);
    if (view.app.hasEnded(answer) || !view.isCurrent) return;
    if (answer.came && answer.status === 404) forgetAsked(shipment);
    else if (answer.came && answer.status === 200 && !view.busy && asked()) await heard(view, answer.body);
    pause = answer.came ? LOOK_EVERY_MS : Math.min(pause * 2, LOOK_AT_LEAST_EVERY_MS);
  }
  view.follows = false;
}

async function heard(view, release) {
  const before = openRelease(view.stop)?.state;
  view.stop.release = openRelease({ release });
  if (view.stop.release && view.stop.release.state === before) return;
  if (release.state === "approved") {
    await view.tell({ kind: "approved", title: W.approved, words: W.approvedWords, silent: true });
  } else if (!view.stop.release) {
    forgetAsked(view.stop.shipment);
    await view.reload();
    await view.tell(ended(view, release, before));
    if (view.result === W.expired && view.stop.status === "out_for_delivery") setTimeout(() => lookOnce(view), SWEPT_AFTER_MS);
  }
}

/** What came of it in the end. Unanswered, the visit has failed, or is about to; else something else ended it. */
function ended({ stop }, { state, expires_at: end }, before) {
  if (state === "refused") return W.refused;
  const isOver = Date.parse(end) - Date.now() < CLOCK_TOLERANCE_MS;
  if (before === "approved") return isOver ? W.tooLate : W.withdrawn;
  return isOver || stop.status !== "out_for_delivery" ? W.expired : W.withdrawn;
}

/** The service writes down some seconds later that the visit has failed. */
async function lookOnce(view) {
  if (!view.isCurrent || view.busy) return;
  await view.reload();
  view.draw();
}

/** The block that shows the open request; the button that it leads to, once approved. */
export function releasePanel(view, handOver) {
  const release = openRelease(view.stop);
  if (!release || view.stop.status !== "out_for_delivery") return null;
  const until = clock(release.expires_at, view.zone);
  if (release.state === "waiting") return panel({ kind: "waiting", title: W.waiting, words: W.waitingWords(until) });
  const again = view.result?.what === "handoff" && view.result.kind === "unsent";
  return [
    panel({ kind: "approved", title: W.approved, words: W.until(until, view.stop.recipient_name) }),
    h(
      "button",
      { id: "release", class: "primary big", disabled: view.busy, onclick: () => handOver(view, { busy: WORDS.stop.handing, body: { received_by: "recipient" } }) },
      view.busy ?? (again ? WORDS.stop.again : WORDS.stop.handOver),
    ),
  ];
}
