import { byId } from '../page/dom.js';
import { beginScreen } from '../page/screen.js';
import { Conversation } from './conversation.js';
import { Log } from './log.js';
import { Reading } from './reading.js';
import { Sides } from './sides.js';

const ROOMS = ['chat:lobby', 'chat:kitchen', 'chat:release'];
/* Of the rooms that the visitor opened besides. */
const REMEMBERED = 12;

class Chat {
  #carillon;
  #me;
  #reading;
  #rooms = new Map();
  #open = null;
  #due = new Map();
  #log = new Log();
  #sides = new Sides();
  #text = byId('text');
  #mood = byId('mood');

  constructor({ carillon, me }) {
    this.#carillon = carillon;
    this.#me = me;
    this.#reading = new Reading(me);
    byId('composer').addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.#send();
    });
    this.#text.addEventListener('keydown', (pressed) => {
      if (pressed.key === 'Enter' && !pressed.shiftKey && !pressed.isComposing) {
        pressed.preventDefault();
        this.#send();
      }
    });
    this.#text.addEventListener('input', () => {
      this.#grow();
      this.#open.type(this.#text.value.trim() !== '');
    });
    this.#mood.addEventListener('change', () => this.#be());
    document.addEventListener('visibilitychange', () => this.#be());
    byId('new-room').addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      const field = byId('new-room-name');
      location.hash = field.value;
      field.value = '';
    });
    addEventListener('hashchange', () => this.#openFromAddress());
    ROOMS.forEach((name) => this.#room(name));
    this.#reading.rooms.slice(0, REMEMBERED).forEach((name) => this.#room(name));
    this.#openFromAddress();
  }

  #room(name) {
    let room = this.#rooms.get(name);
    if (!room) {
      room = new Conversation(this.#carillon, name, this.#me, this.#reading);
      const added = room;
      this.#rooms.set(name, added);
      this.#sides.add(added, () => (location.hash = added.title));
      added.addEventListener('change', ({ detail }) => this.#changed(added, detail));
    }
    return room;
  }

  /** The open room stands in the address, so that it survives a reload and can be passed on. */
  #openFromAddress() {
    const asked = decodeURIComponent(location.hash.slice(1));
    const room = this.#room(/^[A-Za-z0-9_.-]{1,40}$/.test(asked) ? `chat:${asked}` : ROOMS[0]);
    if (room !== this.#open) {
      this.#open?.type(false);
      this.#open?.leave();
      this.#open = room;
      byId('room-title').textContent = room.title;
      this.#log.open(room);
      this.#be();
      this.#changed(room);
    }
  }

  #be() {
    this.#open.be({ mood: document.visibilityState === 'hidden' ? 'away' : this.#mood.value });
  }

  #send() {
    const text = this.#text.value.trim();
    if (text !== '') {
      this.#text.value = '';
      this.#grow();
      this.#open.type(false);
      this.#open.send(text);
    }
  }

  #grow() {
    this.#text.style.height = 'auto';
    this.#text.style.height = `${Math.min(this.#text.scrollHeight + 2, 160)}px`;
  }

  /** Draws once for all that changes at the same time, which may be a page of history. */
  #changed(room, why) {
    if (this.#due.size === 0) {
      queueMicrotask(() => this.#draw());
    }
    this.#due.set(room, (this.#due.get(room) ?? new Set()).add(why));
  }

  #draw() {
    const why = this.#due.get(this.#open);
    this.#due.clear();
    if (why) {
      this.#log.draw(why);
      this.#sides.drawPeople(this.#open, this.#me);
    }
    const unread = this.#sides.drawRooms(this.#open);
    document.title = `${unread > 0 ? `(${unread}) ` : ''}Chat · Carillon`;
  }
}

const screen = await beginScreen();
if (screen) {
  new Chat(screen);
}
