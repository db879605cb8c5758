/** One answer among several. */

import { h } from "../dom.js";

/** A radio button as wide as a glove needs. Choosing one writes it to `view`, under its name. */
export function choice(name, value, words, view) {
  const chosen = () => (view[name] = value);
  return h(
    "label",
    { class: "choice" },
    h("input", { type: "radio", name, value, checked: view[name] === value, onchange: chosen }),
    words,
  );
}

/** A box to tick, as wide as that. */
export function tick(name, words, view) {
  const changed = (event) => (view[name] = event.target.checked);
  return h("label", { class: "choice" }, h("input", { type: "checkbox", name, checked: view[name], onchange: changed }), words);
}
