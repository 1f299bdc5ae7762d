/** @param {string} cursor @returns {[epoch: string, seq: number]} */
export function parse(cursor) {
  const [epoch, seq] = cursor.split('.');
  return [epoch, Number(seq)];
}

/**
 * Whether a reader at `cursor` has all up to `head`.
 * @param {string} cursor
 * @param {string} head
 */
export function reaches(cursor, head) {
  const [epoch, seq] = parse(cursor);
  const [headEpoch, headSeq] = parse(head);
  return headSeq === 0 ? seq === 0 : epoch === headEpoch && seq >= headSeq;
}
