/** The run: what is next, what is done. */

import { request } from "../api.js";
import { announce, h, icon, show, unbroken } from "../dom.js";
import { carryOut } from "../intentions.js";
import { panel, resultOf } from "../results.js";
import { day } from "../times.js";
import { WORDS } from "../words.js";

const W = WORDS.route;
const WAITING = ["created", "in_transit"];
const CLOSED = ["delivered", "returning", "returned", "cancelled", "attempt_failed"];
const MARK = { delivered: "tick", attempt_failed: "cross", cancelled: "alone" };

/** Shows the route as it was last seen, then as it is now. */
export async function routeScreen(app) {
  const view = { notice: app.takeNotice(), result: null, busy: app.route ? null : "loading" };
  draw(app, view);
  await refresh(app, view);
}

/** Fetch the route into `app.route`. Answers what went wrong, or null; undefined where the token has ended. */
export async function fetchRoute(app) {
  const answer = await request("GET", "/route");
  if (app.hasEnded(answer)) return undefined;
  if (answer.came && answer.status === 200) app.route = answer.body;
  else if (answer.came && answer.body.code === "not_found") app.route = { stops: [] };
  else return resultOf(answer, app.route?.timezone);
  return null;
}

async function refresh(app, view) {
  const result = await fetchRoute(app);
  if (result === undefined || !isShown()) return;
  const lost = result?.kind === "unsent" ? { ...result, title: W.unsent, words: "" } : result;
  draw(app, { ...view, busy: null, result: lost ?? view.result });
}

/** Not where the courier has gone on to another screen meanwhile. */
function isShown() {
  return !/^#(stop|fail)\//.test(location.hash);
}

function draw(app, view) {
  const focus = document.activeElement?.id ? document.activeElement.id : null;
  show([...head(app, view), ...list(app), signOut(app, view)].filter(Boolean));
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

function head(app, view) {
  if (!app.route) {
    const again = h("button", { id: "refresh", onclick: () => refresh(app, view) }, WORDS.stop.again);
    return [h("h1", {}, view.busy ? W.loading : W.none), view.result && panel(view.result, again)];
  }
  const { stops, date } = app.route;
  const done = stops.filter((stop) => CLOSED.includes(stop.status)).length;
  return [
    view.notice && h("p", { class: "said" }, view.notice),
    h("h1", {}, stops.length ? day(date) : W.none),
    h(
      "div",
      { class: "bar" },
      h("p", {}, stops.length ? W.progress(done, stops.length) : W.noneLede),
      h("button", { id: "refresh", class: "small", onclick: () => refresh(app, { ...view, notice: null, result: null }) }, W.refresh),
    ),
    stops.length > 0 && h("progress", { max: stops.length, value: done, "aria-label": W.progress(done, stops.length) }),
    view.result && panel(view.result),
    startButton(app, view),
  ];
}

function startButton(app, view) {
  const waiting = app.route.stops.filter((stop) => WAITING.includes(stop.status)).length;
  if (!waiting) return null;
  const begun = waiting < app.route.stops.length;
  const words = view.busy === "start" ? W.starting : begun ? W.startMore(waiting) : W.start;
  return h(
    "div",
    { class: "start-route" },
    h("button", { id: "start", class: "primary", disabled: view.busy === "start", onclick: () => start(app, view) }, words),
    h("p", { class: "hint" }, W.startHint(waiting)),
  );
}

async function start(app, view) {
  draw(app, { ...view, notice: null, result: null, busy: "start" });
  const answer = await carryOut("start", "POST", "/route/start");
  if (app.hasEnded(answer)) return;
  const started = answer.came && answer.status === 200;
  if (started) app.route = answer.body;
  const result = started ? null : resultOf(answer, app.route.timezone);
  if (result) announce(`${result.title}. ${result.words}`);
  if (isShown()) draw(app, { ...view, busy: null, result });
}

function list(app) {
  const stops = app.route?.stops ?? [];
  const open = stops.filter((stop) => !CLOSED.includes(stop.status));
  const closed = stops.filter((stop) => CLOSED.includes(stop.status));
  return [
    stops.length > 0 && h("h2", {}, W.open),
    open.length > 0 && h("ol", { class: "stops" }, open.map(row)),
    stops.length > 0 && open.length === 0 && h("p", { class: "said" }, W.allDone),
    closed.length > 0 && h("h2", {}, W.closed),
    closed.length > 0 && h("ol", { class: "stops closed" }, closed.map(row)),
  ];
}

function row(stop) {
  const { line1, city, postal_code: postal } = stop.address;
  const closed = CLOSED.includes(stop.status);
  const atDoor = stop.status === "out_for_delivery" && stop.arrived_at;
  return h(
    "li",
    {},
    h(
      "a",
      { href: `#stop/${stop.shipment}`, class: stop.status },
      h("span", { class: "number", "aria-hidden": "true" }, MARK[stop.status] ? icon(MARK[stop.status]) : String(stop.sequence)),
      h("span", { class: "who" }, h("strong", {}, stop.recipient_name), h("span", {}, `${line1}, ${unbroken(postal)} ${city}`)),
      h(
        "span",
        { class: "marks" },
        !closed && stop.code_required && h("span", { class: "mark" }, icon("key"), WORDS.withCode),
        h("span", { class: "mark status" }, atDoor ? WORDS.atDoor : WORDS.status[stop.status]),
      ),
    ),
  );
}

function signOut(app, view) {
  return h(
    "details",
    { class: "more" },
    h("summary", {}, W.out),
    h("div", {}, h("p", {}, W.outHint), h("button", { id: "out", onclick: () => leave(app, view) }, W.outGo)),
  );
}

async function leave(app, view) {
  const answer = await carryOut("sign out", "DELETE", "/devices/current");
  if (answer.came && [204, 401].includes(answer.status)) app.signOut(WORDS.enrol.left);
  else {
    announce(W.outUnsent);
    draw(app, { ...view, result: { kind: "unsent", title: W.outUnsent } });
  }
}
