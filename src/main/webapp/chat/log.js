import { dayName, dayOf, onNewDay, timeNode } from '../page/dates.js';
import { byId, element } from '../page/dom.js';
import { colourOf } from '../page/person.js';
import { inWords } from '../page/words.js';
import { Acts } from './acts.js';
import { withLinks } from './links.js';

/** This near to the end the log follows what arrives, in px. */
const NEAR = 60;
/** This near to the beginning it loads what is earlier. */
const EARLY = 120;
/** Messages of one person this close together stand under one name, in ms. */
const TOGETHER = 5 * 60 * 1000;

/** The messages of the room that is open. */
export class Log {
  #log = byId('log');
  #list = byId('messages');
  #older = byId('older');
  #newest = byId('newest');
  #room = null;
  #nodes = new Map();
  #speaker;
  #acts;

  /**
   * @param {import('./speaker.js').Speaker} speaker
   * @param {string} me
   */
  constructor(speaker, me) {
    this.#speaker = speaker;
    this.#acts = new Acts(me);
    this.#older.addEventListener('click', () => this.#loadEarlier());
    this.#newest.addEventListener('click', () => this.toEnd());
    this.#log.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    addEventListener('focus', () => this.#seen());
    document.addEventListener('visibilitychange', () => this.#seen());
    new ResizeObserver(() => this.#follow && this.toEnd()).observe(this.#log);
    onNewDay(() => this.#room && this.draw());
  }

  #follow = true;
  #lined = false;

  /** Opens another room, at its end. */
  open(room) {
    this.#room = room;
    this.#nodes.clear();
    this.#list.replaceChildren();
    this.#acts.open(room);
    this.#follow = true;
    this.#lined = false;
    this.draw();
  }

  /** Draws what has changed. @param {Set<string>} [why] of `arrived` and `earlier` */
  draw(why = new Set()) {
    const room = this.#room;
    this.#line(why);
    const height = this.#log.scrollHeight;
    const top = this.#log.scrollTop;
    const nodes = [];
    let last = null;
    let day = '';
    for (const message of room.messages) {
      if (dayOf(message.at) !== day) {
        day = dayOf(message.at);
        const node = this.#node(`day ${day}`, () => element('li', { className: 'day' }));
        setText(node, dayName(message.at));
        nodes.push(node);
      }
      if (last && room.lineAfter !== undefined && last.seq <= room.lineAfter && message.seq > room.lineAfter) {
        nodes.push(this.#node('new', () => element('li', { className: 'new' }, 'New')));
        last = null;
      }
      const follows = last?.by === message.by && dayOf(last.at) === day && Date.parse(message.at) - Date.parse(last.at) < TOGETHER;
      const node = this.#node(`${message.epoch}.${message.seq}`, () => messageNode(message));
      node.classList.toggle('follows', follows);
      showSeen(node, room.seen(message));
      nodes.push(node);
      last = message;
    }
    for (const entry of room.pending) {
      const node = this.#node(`pending ${entry.key}`, () => pendingNode(entry, room));
      if (pendingState(node, entry)) {
        this.#speaker.say(`Your message is ${node.querySelector('.fate span').textContent}`);
      }
      nodes.push(node);
    }
    this.#arrange(nodes);
    this.#older.hidden = !room.hasEarlier;
    byId('beginning').hidden = room.hasEarlier || !room.loaded;
    if (why.has('earlier')) {
      this.#log.scrollTop = top + this.#log.scrollHeight - height;
    } else if (this.#follow) {
      this.toEnd();
    }
    this.#newest.hidden = this.#follow || room.unread === 0;
    this.#seen();
  }

  /** The line stands where the visitor stopped reading, and stays there until they stop again. */
  #line(why) {
    const room = this.#room;
    if (!this.#lined && room.messages.length > 0) {
      this.#lined = true;
      room.drawLine();
    } else if (why.has('arrived') && !this.#isWatched && !(room.lineAfter >= room.read)) {
      room.drawLine();
    }
  }

  /** Keeps the nodes that stay where they are, so that nothing is read aloud twice. */
  #arrange(nodes) {
    const wanted = new Set(nodes);
    for (const [key, node] of this.#nodes) {
      if (!wanted.has(node)) {
        node.remove();
        this.#nodes.delete(key);
      }
    }
    nodes.forEach((node, at) => {
      if (this.#list.children[at] !== node) {
        this.#list.insertBefore(node, this.#list.children[at] ?? null);
      }
    });
  }

  #node(key, make) {
    let node = this.#nodes.get(key);
    if (!node) {
      node = make();
      this.#nodes.set(key, node);
    }
    return node;
  }

  get #isWatched() {
    return this.#follow && document.visibilityState === 'visible' && document.hasFocus();
  }

  #seen() {
    if (this.#room && this.#isWatched) {
      this.#room.markRead();
    }
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    this.#follow = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#newest.hidden = this.#follow || this.#room.unread === 0;
    if (scrollTop < EARLY) {
      this.#loadEarlier();
    }
    this.#seen();
  }

  async #loadEarlier() {
    try {
      await this.#room?.loadEarlier();
    } catch {
      // The button is still there for another try.
    }
  }

  /** Goes to the newest message, and stays with what comes. */
  toEnd() {
    this.#follow = true;
    this.#log.scrollTop = this.#log.scrollHeight;
  }
}

function messageNode({ seq, by, at, data }) {
  return element('li', { className: 'message', tabIndex: -1, data: { seq } },
    element('p', { className: 'by' },
      element('b', { className: colourOf(by) }, by),
      timeNode(at)),
    element('p', { className: 'text', dir: 'auto', data: { text: data.text } }, ...withLinks(data.text)));
}

/** Shows what was done to a message since it was sent. */
function showSeen(node, { text, edited, removed, reactions }) {
  const place = node.querySelector('.text');
  const shown = removed ? 'This message was removed.' : text;
  if (place.dataset.text !== shown || place.classList.contains('removed') !== removed) {
    place.dataset.text = shown;
    place.classList.toggle('removed', removed);
    place.replaceChildren(...(removed ? [shown] : withLinks(shown)));
  }
  mark(node, 'edited', edited && !removed ? 'edited' : '');
  const words = removed ? [] : reactions.map(([sign, users]) => `${sign} ${users.length}`);
  mark(node, 'reactions', words.join('  '));
  const who = reactions.map(([sign, users]) => `${sign} ${users.join(', ')}`).join('; ');
  node.querySelector('.reactions')?.setAttribute('title', who);
}

/** A line under a message, which is there as long as it says something. */
function mark(node, kind, words) {
  let line = node.querySelector(`.${kind}`);
  if (words === '') {
    line?.remove();
    return;
  }
  if (!line) {
    line = element('p', { className: `${kind} quiet` });
    node.querySelector('.text').after(line);
  }
  setText(line, words);
}

function pendingNode(entry, room) {
  const button = (text, act) => {
    const made = element('button', { type: 'button', className: 'plain' }, text);
    made.addEventListener('click', act);
    return made;
  };
  return element('li', { className: 'message pending', data: { key: entry.key } },
    element('p', { className: 'text', dir: 'auto' }, entry.text),
    element('p', { className: 'fate' }, element('span'),
      button('Retry', () => room.retry(entry)), button('Discard', () => room.discard(entry))));
}

const FATES = { sending: 'sending …', sent: 'sent' };

/** Shows what becomes of it; true if it has just been refused. */
function pendingState(node, { state, code }) {
  const before = node.dataset.state;
  node.dataset.state = state;
  setText(node.querySelector('.fate span'), FATES[state] ?? `not sent: ${inWords(code)}`);
  return state === 'failed' && before !== state;
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}
