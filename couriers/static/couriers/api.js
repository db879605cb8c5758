/** The public API of couriers, and what may go wrong on the way to it. */

import { read } from "./storage.js";

const BASE = "/api/v1/courier";
const PATIENCE_MS = 15_000;
const PATIENCE_WITH_A_FILE_MS = 60_000;

/**
 * One request; a FormData goes as a form, anything else as JSON. Answers `{came: true, status, body, wait}` (`wait`: seconds until the next try, or null), or
 * `{came: false}` where nobody knows whether it arrived: no network, no answer in time, a 5xx, an answer that
 * is not ours (a hotel's log-in page), or the same request still running. Then it is safe to send it again
 * with the same key, and only with that.
 */
export async function request(method, path, { body, key } = {}) {
  const hurry = new AbortController();
  const patience = body instanceof FormData ? PATIENCE_WITH_A_FILE_MS : PATIENCE_MS;
  const timer = setTimeout(() => hurry.abort(), patience);
  try {
    const answer = await fetch(BASE + path, {
      method,
      headers: headersOf(body, key),
      body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
      signal: hurry.signal,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
    });
    const told = answer.status === 204 ? {} : await answer.json();
    const unknown = answer.status >= 500 || told.code === "idempotency_in_progress";
    if (unknown) return { came: false };
    const wait = answer.headers.get("Retry-After");
    return { came: true, status: answer.status, body: told, wait: wait === null ? null : Number(wait) };
  } catch {
    return { came: false };
  } finally {
    clearTimeout(timer);
  }
}

function headersOf(body, key) {
  const headers = { Accept: "application/json" };
  const who = read("who");
  if (who) headers.Authorization = `Bearer ${who.token}`;
  if (key) headers["Idempotency-Key"] = key;
  if (body !== undefined && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
  return headers;
}
