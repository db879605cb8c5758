/**
 * One Idempotency-Key for each thing the courier means to do, made once and kept until an answer to it came,
 * over a reload too. Trying again after a lost network is then harmless: it counts once.
 *
 * A delivery code or an enrolment code is never written to the device. After a reload only the key of such a
 * request is known, and the service tells whether the digits are the same: if not, it answers
 * `idempotency_key_reused`, and what was typed now goes out under a key of its own.
 */

import { request } from "./api.js";
import { forget, read, write } from "./storage.js";

const ALL = "unsent";

/**
 * Send what is meant. `about` names it (`arrive shp_…`): one is kept for each name. `secret`: the body is not
 * kept. `place` is where the courier is, which does not make it another intention. Answers as `request` does.
 */
export async function carryOut(about, method, path, { body = {}, place, secret = false } = {}) {
  const whole = place === undefined ? body : { ...body, location: place };
  const fresh = () => (secret ? { key: newKey() } : { key: newKey(), meaning: body, body: whole });
  const kept = keptOf(about);
  const again = kept && (secret || JSON.stringify(kept.meaning) === JSON.stringify(body));
  const send = (intention) => {
    keep(about, intention);
    return request(method, path, { body: secret ? whole : intention.body, key: intention.key });
  };
  let answer = await send(again ? kept : fresh());
  if (answer.came && answer.body.code === "idempotency_key_reused") answer = await send(fresh());
  if (answer.came) drop(about);
  return answer;
}

/** Nothing is meant any more: this handheld is signed out. */
export function forgetAll() {
  forget(ALL);
}

function keptOf(about) {
  return (read(ALL) ?? {})[about];
}

function keep(about, intention) {
  write(ALL, { ...read(ALL), [about]: intention });
}

function drop(about) {
  const { [about]: _answered, ...rest } = read(ALL) ?? {};
  write(ALL, rest);
}

/** 128 random bits. (`crypto.randomUUID` is missing where the page came over plain HTTP.) */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
