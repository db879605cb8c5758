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
