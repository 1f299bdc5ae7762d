/* What the codes of the wire and of the client mean to the person in front of the page. */
const WORDS = {
  bad_data: 'the server does not take it in this form',
  closed: 'the connection has been closed',
  failed: 'the connection has ended',
  forbidden: 'this is not allowed here',
  kicked: 'you were sent away',
  limit: 'there are too many of them already',
  network: 'the server did not answer',
  queue_full: 'too much is waiting to be sent',
  rate: 'that was too often',
  revoked: 'the right to be here was withdrawn',
  storage: 'the server cannot store anything now',
  timeout: 'the server did not answer in time',
  too_large: 'it is too long',
  unauthenticated: 'the server no longer knows who you are',
  unsupported: 'this browser has no way to connect',
};

/** A code in words; of one that is not known the code itself. */
export const inWords = (code) => (Object.hasOwn(WORDS, code) ? WORDS[code] : `code “${code ?? 'error'}”`);
