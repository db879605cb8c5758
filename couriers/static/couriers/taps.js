/** Wet fingers and shaking hands: a second tap on one spot, or a key held down, belongs to the first. */

const SAME_TAP_MS = 400;
const SAME_SPOT_PX = 32;

export function ignoreEchoes(document) {
  let last = { timeStamp: -Infinity, clientX: 0, clientY: 0 };
  let label = null; // that was tapped last, until its control got its click
  document.addEventListener(
    "click",
    (event) => {
      if (event.detail === 0) return; // from the keyboard
      const soon = event.timeStamp - last.timeStamp < SAME_TAP_MS;
      const near = Math.hypot(event.clientX - last.clientX, event.clientY - last.clientY) < SAME_SPOT_PX;
      const itsLabels = label !== null && label.control === event.target; // the browser's own, after a tap on words
      last = event;
      label = itsLabels ? null : event.target.closest("label");
      if (soon && near && !itsLabels) swallow(event);
    },
    true,
  );
  document.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && swallow(event), true);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** A scanner or a keyboard writes into the code wherever the focus was left. */
export function typeAnywhere(document) {
  document.addEventListener("keydown", (event) => {
    const writes = event.target.closest("input, textarea, select");
    if (!writes && /^[0-9]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      document.getElementById("code")?.focus();
    }
  });
}

const PATTERNS = { right: [80], already: [80, 60, 80], wrong: [300], locked: [300, 100, 300], unsent: [40, 40, 40] };

/** Felt through a glove, where the device can: each result in its own rhythm. A page nobody has touched yet may not. */
export function vibrate(kind) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(PATTERNS[kind] ?? [150]);
}
