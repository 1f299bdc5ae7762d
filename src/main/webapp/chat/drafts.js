/** What is written in each room and not sent yet, kept for this tab. */
export class Drafts {
  #key;
  #texts;

  /** @param {string} user */
  constructor(user) {
    this.#key = `carillon.chat.drafts.${user}`;
    try {
      this.#texts = JSON.parse(sessionStorage.getItem(this.#key)) ?? {};
    } catch {
      this.#texts = {};
    }
  }

  of(room) {
    return this.#texts[room] ?? '';
  }

  keep(room, text) {
    if (text === '') {
      delete this.#texts[room];
    } else {
      this.#texts[room] = text;
    }
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this.#texts));
    } catch {
      // Without storage it is known as long as the page is open.
    }
  }
}
