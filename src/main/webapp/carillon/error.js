/** What a call ends with if it does not succeed; the codes are listed in `carillon.d.ts`. */
export class CarillonError extends Error {
  /**
   * @param {string} code
   * @param {{ message?: string, retryable?: boolean, retryAfter?: number, status?: number }} [more]
   *     retryAfter in ms
   */
  constructor(code, { message = code, retryable = false, retryAfter = 0, status } = {}) {
    super(message);
    this.name = 'CarillonError';
    this.code = code;
    this.retryable = retryable;
    this.retryAfter = retryAfter;
    this.status = status;
  }
}
