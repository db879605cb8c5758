/** Times as the depot's clock shows them. */

function formatted(moment, zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(moment);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" }).format(moment);
  }
}

/** `14:03`, of an RFC 3339 moment. */
export function clock(moment, zone) {
  return formatted(new Date(moment), zone, { hour: "2-digit", minute: "2-digit" });
}

/** `Sunday 22 November`, of a date like 2026-11-22. */
export function day(date) {
  return formatted(new Date(`${date}T12:00:00Z`), "UTC", { weekday: "long", day: "numeric", month: "long" });
}
