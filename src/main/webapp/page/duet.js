import { Carillon } from '../carillon.js';
import { ROOT, demoToken } from './access.js';
import { Balancer } from './balancer.js';
import { Breaker } from './breaker.js';
import { byId, counted, element } from './dom.js';
import { offerKill } from './killer.js';
import { colourOf, madeUpName } from './person.js';
import { Unsent } from './unsent.js';

const CUT_MS = 8000;
const TICK_MS = 250;

/** One of the two: a connection of their own, what they see of the room, and what they say. */
class Person {
  /** The `seq` of each event that came, in the order in which it came. */
  seen = [];
  /** How many of theirs wait for the server. */
  waiting = 0;
  node;
  carillon;
  name;
  #breaker = new Breaker();
  #balancer = new Balancer(this.#breaker);
  #isOneOfMany = false;
  #log;
  #state = element('span', { className: 'quiet' });
  #cut;
  #room;
  #pending = new Map();
  #told;

  constructor(name, room, also, told) {
    this.#told = told;
    this.name = name;
    this.carillon = new Carillon(ROOT, {
      token: () => demoToken(name, this.#balancer.fetch),
      WebSocket: this.#balancer.WebSocket,
      fetch: this.#balancer.fetch,
      upgradeAfter: 3000,
      settleAfter: 1000,
    });
    this.#log = element('ol', { className: 'duet-log', tabIndex: 0, 'aria-label': `What ${name} sees` });
    this.#cut = element('button', { type: 'button', className: 'plain small' }, 'Cut the line');
    this.#cut.addEventListener('click', () => this.#breaker.cut(CUT_MS));
    const text = element('input', { 'aria-label': `${name} says`, maxLength: 200, required: true, autocomplete: 'off', placeholder: 'Write something', dir: 'auto' });
    const form = element('form', { className: 'duet-say' }, text, element('button', { type: 'submit' }, 'Send'));
    form.addEventListener('submit', (submitted) => {
      submitted.preventDefault();
      this.say(text.value);
      text.value = '';
    });
    this.node = element('section', { className: 'card', 'aria-label': name },
      element('div', { className: 'duet-head' }, element('h3', { className: colourOf(name) }, name + also), this.#state, this.#cut), this.#log, form);
    this.#room = this.carillon.room(room);
    this.#room.on('said', (event) => this.#heard(event));
    this.carillon.on('pending', (count) => {
      this.waiting = count;
      told();
    });
    setInterval(() => this.#show(), TICK_MS);
    this.#show();
  }

  /** All instances, of which the first serves while it lives. */
  set instances(instances) {
    this.#isOneOfMany = true;
    this.#balancer.instances = instances;
  }

  say(text) {
    const key = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    this.#pending.set(key, this.#add(text, this.carillon.user, 'on the way'));
    this.#room.publish('said', { text }, { key }).catch(() => {
      this.#pending.get(key)?.append(' – not sent');
    });
  }

  #heard({ seq, id, by, data }) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
    this.seen.push(seq);
    const line = this.#add(String(data?.text), by);
    for (const waiting of this.#pending.values()) {
      this.#log.append(waiting);
    }
    line.dataset.seq = seq;
    this.#told();
  }

  #add(text, by = '', fate = '') {
    const line = element('li', { className: fate && 'pending' }, element('b', { className: colourOf(by) }, by ? `${by} ` : ''), element('span', { dir: 'auto' }, text), fate && element('span', { className: 'quiet' }, ` ${fate}`));
    this.#log.append(line);
    this.#log.scrollTop = this.#log.scrollHeight;
    return line;
  }

  #show() {
    const { state } = this.carillon.status;
    const left = Math.ceil((this.#breaker.cutUntil - performance.now()) / 1000);
    this.node.dataset.state = state;
    const live = this.#isOneOfMany ? `live at port ${new URL(this.#balancer.at).port}` : 'live';
    const words = left > 0 ? `cut for ${left} s` : { live, offline: 'coming back', connecting: 'connecting' }[state] ?? state;
    if (this.#state.textContent !== words) {
      this.#state.textContent = words;
    }
    this.#cut.disabled = left > 0;
  }
}

/**
 * Shows two people in a room of their own, and counts what arrived.
 *
 * @param {string} me the visitor, who is one of them
 * @returns {Carillon} the visitor's client
 */
export function beginDuet(me) {
  const room = `demo:duet-${Math.random().toString(36).slice(2, 10)}`;
  let other = madeUpName();
  while (other === me) {
    other = madeUpName();
  }
  const people = [];
  const unsent = new Unsent();
  const tell = () => {
    const all = new Set(people.flatMap(({ seen }) => seen));
    const doubled = people.reduce((sum, { seen }) => sum + seen.length - new Set(seen).size, 0);
    const missing = people.reduce((sum, { seen }) => sum + all.size - new Set(seen).size, 0);
    const waiting = people.reduce((sum, person) => sum + person.waiting, 0);
    unsent.count = waiting;
    const late = missing + waiting > 0 ? 'some are on the way' : '0 lost';
    byId('duet-count').textContent = all.size + waiting === 0 ? '' : `${counted(all.size, 'message')} stored, ${late}, ${doubled} doubled.`;
  };
  people.push(new Person(me, room, ' (you)', tell), new Person(other, room, '', tell));
  byId('duet-people').replaceChildren(...people.map(({ node }) => node));
  offerKill(...people);
  return people[0].carillon;
}
