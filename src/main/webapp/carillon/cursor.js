/** @param {string} cursor @returns {[epoch: string, seq: number]} */
export function parse(cursor) {
  const [epoch, seq] = cursor.split('.');
  return [epoch, Number(seq)];
}

/** The number of the last event before a cursor; none is before a cursor that is not there. */
export const number = (cursor = '0.0') => parse(cursor)[1];

/** @param {{ epoch: string, seq: number, skipped?: number }} event @returns {string} where a reader was before it */
export function before({ epoch, seq, skipped = 0 }) {
  return `${epoch}.${seq - 1 - skipped}`;
}
