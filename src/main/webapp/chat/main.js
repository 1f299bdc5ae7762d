import { roomInAddress } from '../page/address.js';
import { byId } from '../page/dom.js';
import { beginScreen } from '../page/screen.js';
import { inWords } from '../page/words.js';
import { Conversation } from './conversation.js';
import { Drafts } from './drafts.js';
import { Log } from './log.js';
import { Reading } from './reading.js';
import { Sides } from './sides.js';
import { Speaker } from './speaker.js';

const ROOMS = ['lobby', 'kitchen', 'release'];
/* Of the rooms that the visitor opened besides. */
const REMEMBERED = 12;

class Chat {
  #carillon;
  #me;
  #reading;
  #rooms = new Map();
  #open = null;
  #due = new Map();
  #speaker = new Speaker();
  #log;
  #sides = new Sides();
  #text = byId('text');
  #mood = byId('mood');
  #unsent;
  #drafts;

  constructor({ carillon, me, unsent }) {
    this.#carillon = carillon;
    this.#me = me;
    this.#log = new Log(this.#speaker, me);
    this.#unsent = unsent;
    this.#drafts = new Drafts(me);
    this.#reading = new Reading(me, () => this.#changed(this.#open));
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
      this.#drafts.keep(this.#open.name, this.#text.value);
      this.#open.type(this.#text.value.trim() !== '');
    });
    this.#keepMood();
    document.addEventListener('visibilitychange', () => this.#be());
    byId('new-room').addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      const field = byId('new-room-name');
      location.hash = field.value;
      field.value = '';
    });
    addEventListener('hashchange', () => this.#openFromAddress());
    ROOMS.forEach((title) => this.#room(`chat:${title}`));
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
      added.addEventListener('unchanged', ({ detail }) => this.#speaker.say(`Not changed: ${inWords(detail)}`));
      added.addEventListener('change', ({ detail }) => this.#changed(added, detail));
    }
    return room;
  }

  /** The open room stands in the address, so that it survives a reload and can be passed on. */
  #openFromAddress() {
    const room = this.#room(`chat:${roomInAddress(ROOMS[0])}`);
    if (room !== this.#open) {
      this.#open?.type(false);
      this.#open?.leave();
      this.#open = room;
      byId('room-title').textContent = room.title;
      this.#text.value = this.#drafts.of(room.name);
      this.#grow();
      this.#log.open(room);
      this.#be();
      this.#changed(room);
    }
  }

  /** A state that is chosen holds in all tabs of this browser, for they are one person. */
  #keepMood() {
    const key = `carillon.chat.mood.${this.#me}`;
    const choose = (mood) => {
      this.#mood.value = mood === 'busy' ? mood : 'here';
    };
    try {
      // What was chosen while the page was still beginning stands.
      if (this.#mood.value === 'here') {
        choose(localStorage.getItem(key));
      }
    } catch {
      // It is chosen anew in each page then.
    }
    this.#mood.addEventListener('change', () => {
      this.#be();
      try {
        localStorage.setItem(key, this.#mood.value);
      } catch {
        // As above.
      }
    });
    addEventListener('storage', (stored) => {
      if (stored.key === key) {
        choose(stored.newValue);
        this.#be();
      }
    });
  }

  #be() {
    this.#open.be({ mood: document.visibilityState === 'hidden' ? 'away' : this.#mood.value });
  }

  #send() {
    const text = this.#text.value.trim();
    if (text !== '') {
      this.#text.value = '';
      this.#grow();
      this.#drafts.keep(this.#open.name, '');
      this.#open.type(false);
      this.#open.send(text);
      this.#log.toEnd();
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
    for (const room of this.#due.keys()) {
      const fresh = room.takeFresh();
      if (room === this.#open) {
        this.#speaker.messages(fresh);
      }
    }
    this.#due.clear();
    if (why) {
      this.#log.draw(why);
      this.#sides.drawPeople(this.#open, this.#me);
    }
    this.#unsent.refused = [...this.#rooms.values()].reduce((sum, room) => sum + room.refused, 0);
    const unread = this.#sides.drawRooms(this.#open);
    document.title = `${unread > 0 ? `(${unread}) ` : ''}Chat · Carillon`;
  }
}

const screen = await beginScreen();
if (screen) {
  new Chat(screen);
}
