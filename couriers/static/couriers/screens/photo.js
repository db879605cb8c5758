/** Taking a photo within a form. */

import { announce, h, icon } from "../dom.js";
import { sendPhoto } from "../photos.js";
import { resultOf } from "../results.js";
import { WORDS } from "../words.js";

const W = WORDS.photo;

/** A button that opens the camera. `view.photo` holds the id once it is sent; `redraw` shows what has changed. */
export function photoField(view, { app, about, hint, redraw }) {
  const taken = async () => {
    const [file] = input.files;
    if (!file || view.photoBusy) return;
    Object.assign(view, { photoBusy: true, photoTrouble: null });
    redraw();
    const answer = await sendPhoto(file, about);
    if (app.hasEnded(answer)) return;
    const sent = answer.came && answer.status === 201;
    Object.assign(view, { photoBusy: false, photo: sent ? answer.body.id : view.photo });
    if (!sent) view.photoTrouble = wordsOf(answer, app.route.timezone);
    announce(view.photoTrouble ?? W.taken);
    redraw();
  };
  const disabled = Boolean(view.busy || view.photoBusy);
  const input = h("input", { type: "file", id: "photo", class: "heard", accept: "image/*", capture: "environment", disabled, onchange: taken });
  return h(
    "div",
    { class: "photo" },
    h("label", { class: `button${view.photo ? " taken" : ""}` }, input, h("span", {}, view.photo && icon("tick"), stateOf(view))),
    h("p", { class: view.photoTrouble ? "hint few" : "hint" }, view.photoTrouble ?? hint),
  );
}

function stateOf({ photo, photoBusy }) {
  if (photoBusy) return W.sending;
  return photo ? W.another : W.take;
}

function wordsOf(answer, zone) {
  if (!answer.came) return W.unsent;
  const { title, words } = resultOf(answer, zone);
  return `${title}. ${words ?? ""}`;
}
