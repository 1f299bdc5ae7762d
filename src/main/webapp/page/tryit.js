import { authorization, eventsOf, readLatest } from './access.js';
import { Stream } from './stream.js';

const MOST_SHOWN = 50;
const HISTORY = 5;

/** The panel that publishes to a room and shows what arrives from it. */
export class TryIt {
  #form = document.getElementById('publish');
  #feed = document.getElementById('feed');
  #empty = document.getElementById('feed-empty');
  #answer = document.getElementById('try-answer');
  #names = new Set(['hello', 'message']);
  #sent = new Map();
  #stream = null;
  #room = '';

  constructor() {
    this.#form.addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.#publish().catch(() => this.#say('bad', 'The server did not answer.'));
    });
    this.#form.elements.room.addEventListener('change', () => this.follow());
    this.#form.elements.name.addEventListener('change', () => this.#hear(this.#field('name')));
  }

  /** Follows the room that stands in the form. */
  async follow() {
    const room = this.#field('room');
    if (room === this.#room) {
      return;
    }
    this.#room = room;
    this.#stream?.close();
    this.#stream = null;
    this.#feed.replaceChildren();
    this.#empty.hidden = false;
    this.#empty.textContent = 'Nothing yet. Publish something.';
    document.getElementById('feed-room').textContent = room;
    const latest = await readLatest(room, HISTORY).catch(() => ({ code: 'no answer' }));
    if (room !== this.#room) {
      return;
    }
    if (latest.code) {
      this.#room = '';
      this.#empty.textContent = `This room cannot be read: ${latest.code}.`;
      return;
    }
    latest.events.forEach((event) => {
      this.#names.add(event.name);
      this.#show(event);
    });
    const stream = new Stream(room, latest.cursor, {
      event: (event) => this.#show(event),
      status: () => {},
    });
    this.#names.forEach((name) => stream.hear(name));
    this.#stream = stream.open();
  }

  #field(name) {
    return this.#form.elements[name].value.trim();
  }

  #hear(name) {
    this.#names.add(name);
    this.#stream?.hear(name);
  }

  async #publish() {
    await this.follow();
    const name = this.#field('name');
    this.#hear(name);
    const headers = { 'Content-Type': 'application/json', ...authorization() };
    const key = globalThis.crypto?.randomUUID?.();
    const began = performance.now();
    if (key) {
      headers['Idempotency-Key'] = key;
      this.#sent.set(key, began);
    }
    const response = await fetch(eventsOf(this.#field('room')), {
      method: 'POST',
      headers,
      body: JSON.stringify({ name, data: { text: this.#form.elements.text.value } }),
    });
    const took = performance.now() - began;
    const body = await response.json().catch(() => ({}));
    if (response.ok) {
      this.#say('good', `${response.status} · seq ${body.seq} · durable after ${took.toFixed(0)} ms`);
    } else {
      this.#sent.delete(key);
      this.#say('bad', `${response.status} · ${body.code ?? 'error'}`);
    }
  }

  #say(kind, text) {
    this.#answer.dataset.kind = kind;
    this.#answer.textContent = text;
  }

  #show(event) {
    const item = document.createElement('li');
    const seq = document.createElement('span');
    seq.className = 'seq';
    seq.textContent = String(event.seq);
    const body = document.createElement('span');
    body.className = 'body';
    const data = document.createElement('code');
    data.textContent = JSON.stringify(event.data);
    body.append(`${event.name} `, data, ` by ${event.by}`);
    const when = document.createElement('span');
    when.className = 'when';
    const began = this.#sent.get(event.id);
    this.#sent.delete(event.id);
    when.textContent =
      began === undefined
        ? new Date(event.at).toLocaleTimeString()
        : `here ${(performance.now() - began).toFixed(0)} ms after the click`;
    item.append(seq, body, when);
    this.#feed.prepend(item);
    this.#empty.hidden = true;
    while (this.#feed.children.length > MOST_SHOWN) {
      this.#feed.lastElementChild.remove();
    }
  }
}
