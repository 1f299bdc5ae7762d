import { byId, counted, element } from '../page/dom.js';

/* More at once, after a break for instance, are counted and not read out. */
const MOST = 4;
const KEPT = 20;

/**
 * What a screen reader says of the chat: what others write while the room is open, each message
 * once. The messages on the page are no live region, for history and one's own would be read too.
 */
export class Speaker {
  #place = byId('said');

  /** @param {{by: string, data: {text: string}}[]} messages of others, which have just come */
  messages(messages) {
    if (messages.length > MOST) {
      this.say(counted(messages.length, 'new message'));
    } else {
      messages.forEach(({ by, data }) => this.say(`${by}: ${data.text}`));
    }
  }

  say(words) {
    this.#place.append(element('p', {}, words));
    while (this.#place.children.length > KEPT) {
      this.#place.firstElementChild.remove();
    }
  }
}
