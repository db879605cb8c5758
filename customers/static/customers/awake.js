// While a code shows the screen stays on, for ten minutes after it was last touched: a door may take its time.

const AT_MOST_MS = 10 * 60_000;
let lock = null, sleeps = 0;

async function stayAwake() {
  clearTimeout(sleeps);
  const shows = document.getElementById("code") !== null && !document.hidden;
  sleeps = setTimeout(() => lock?.release(), AT_MOST_MS);
  if (!shows) await lock?.release();
  else if (!lock || lock.released) lock = await navigator.wakeLock.request("screen").catch(() => null);
}

if ("wakeLock" in navigator) {
  for (const what of ["redrawn", "visibilitychange", "pointerdown"]) document.addEventListener(what, stayAwake);
  stayAwake();
}
