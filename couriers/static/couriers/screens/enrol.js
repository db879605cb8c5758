/** Binding this handheld to a courier. */

import { announce, h, show } from "../dom.js";
import { carryOut } from "../intentions.js";
import { resultOf, panel } from "../results.js";
import { WORDS } from "../words.js";

const W = WORDS.enrol;

/** The screen and what has the focus on it. */
export function enrolScreen(app) {
  const notice = app.takeNotice();
  return drawn(app, { code: "", name: "", refused: null, notice });
}

function drawn(app, view) {
  const code = h("input", {
    id: "enrolment-code", class: "code letters", value: view.code, maxlength: 40, autocomplete: "off",
    autocapitalize: "characters", spellcheck: "false", enterkeyhint: "next",
    "aria-describedby": "enrolment-hint", "aria-invalid": view.refused ? "true" : null,
  });
  const name = h("input", {
    id: "device-name", value: view.name, maxlength: 100, autocomplete: "off", enterkeyhint: "go",
    "aria-describedby": "device-hint",
  });
  const form = h(
    "form",
    { novalidate: true, onsubmit: (event) => submit(event, app, { ...view, code: code.value, name: name.value }) },
    h("label", { for: "enrolment-code" }, W.code),
    code,
    h("p", { id: "enrolment-hint", class: "hint" }, W.codeHint),
    h("label", { for: "device-name" }, W.name),
    name,
    h("p", { id: "device-hint", class: "hint" }, W.nameHint),
    h("button", { class: "primary", disabled: view.busy }, view.busy ? W.going : W.go),
  );
  const screen = [
    h("h1", {}, W.title),
    h("p", { class: "lede" }, W.lede),
    view.notice && h("p", { class: "said warning" }, view.notice),
    view.refused && panel(view.refused),
    form,
    "development" in document.getElementById("screen").dataset &&
      h("p", { class: "hint" }, W.develop, " ", h("code", {}, W.command)),
  ].filter(Boolean);
  return [screen, view.busy ? null : code];
}

async function submit(event, app, view) {
  event.preventDefault();
  if (view.busy) return;
  if (!view.code.trim()) {
    announce(W.needed);
    show(...drawn(app, { ...view, refused: { kind: "note", title: W.needed } }));
    return;
  }
  show(...drawn(app, { ...view, refused: null, busy: true }));
  const body = { enrolment_code: view.code, name: view.name.trim() };
  const answer = await carryOut("enrol", "POST", "/devices", { body, secret: true });
  if (answer.came && answer.status === 201) {
    app.signIn(answer.body);
    return;
  }
  const refused =
    answer.came && answer.status === 401 ? { kind: "wrong", title: W.refused } : resultOf(answer, "UTC");
  announce(refused.title);
  show(...drawn(app, { ...view, refused }));
}
