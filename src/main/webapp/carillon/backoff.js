/**
 * How long to wait, in ms: full jitter, so that those who were cut off together do not come back
 * together.
 * @param {() => number} random
 * @param {number} failures so far
 * @param {number} first the most after none
 * @param {number} last the most ever
 */
export function backoff(random, failures, first = 1000, last = 30_000) {
  return random() * Math.min(last, first * 2 ** failures);
}
