/** Where the courier is, if they allow it. A position is a signal, never a gate: without one it goes on. */

const ARRIVING = { patience: 4000, age: 30_000 };
const AT_THE_DOOR = { patience: 1000, age: 300_000 };

/** `{latitude, longitude, accuracy_m}`, or null where it is refused, unknown or slow. Asks for permission. */
export function position({ patience, age } = ARRIVING) {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), patience); // its own `timeout` does not run while permission is asked
    const options = { enableHighAccuracy: true, maximumAge: age, timeout: patience };
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(shapeOf(coords)), () => resolve(null), options);
  });
}

/** The same where it was allowed before, quickly: with a parcel in hand nobody should have to wait or answer. */
export async function positionJustSeen() {
  try {
    const { state } = await navigator.permissions.query({ name: "geolocation" });
    return state === "granted" ? await position(AT_THE_DOOR) : null;
  } catch {
    return null;
  }
}

function shapeOf({ latitude, longitude, accuracy }) {
  const metres = Number.isFinite(accuracy) ? Math.min(Math.round(accuracy), 1_000_000) : null;
  return { latitude: Number(latitude.toFixed(6)), longitude: Number(longitude.toFixed(6)), accuracy_m: metres };
}
