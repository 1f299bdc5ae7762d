import { element } from './dom.js';
import { inWords } from './words.js';

const CUT_MS = 6000;
const TICK_MS = 250;
const TRANSPORTS = { websocket: 'WebSocket', sse: 'event stream', poll: 'long polling' };
/* Signals do not come over polls. */
const WITHOUT = { poll: ', without typing and cursors' };

/**
 * Shows how this page is connected, and lets the visitor break that: the bar under the header of
 * every screen. `data-state` and `data-transport` of the bar say the same to machines.
 */
export class Link {
  #bar;
  #breaker;
  #text = element('span', { className: 'link-text', 'aria-hidden': 'true' });
  /* Read aloud: a loss and its end, but no try between, nor every second of a countdown. */
  #said = element('span', { className: 'unseen', role: 'status' });
  #break = element('button', { type: 'button', className: 'plain', id: 'break' }, 'Break my connection');
  #again = element('button', { type: 'button', className: 'plain small', hidden: true }, 'Try now');
  #toggles = element('button', { type: 'button', className: 'plain small tools-toggle', 'aria-expanded': 'false', 'aria-controls': 'break-tools' }, 'Break it …');
  #tools = element('div', { className: 'tools', id: 'break-tools', role: 'group', 'aria-label': 'Break things' });
  #status = { state: 'connecting' };
  #unsent = 0;
  #wasLive = false;
  #wasLost = false;

  /**
   * @param {HTMLElement} bar
   * @param {import('./breaker.js').Breaker} breaker
   * @param {() => void} again tries at once
   */
  constructor(bar, breaker, again) {
    this.#bar = bar;
    this.#breaker = breaker;
    bar.replaceChildren(
      element('p', { className: 'status', id: 'status' }, element('span', { className: 'dot', 'aria-hidden': 'true' }), this.#text, this.#said),
      this.#again,
      this.#toggles,
      this.#tools,
    );
    this.#tools.append(
      this.#break,
      this.#toggle('block-websocket', 'Block WebSocket', (on) => (breaker.blockWebSocket = on)),
      this.#toggle('block-streaming', 'Block streaming', (on) => (breaker.blockStreams = on)),
    );
    this.#toggles.addEventListener('click', () => {
      const open = this.#tools.toggleAttribute('data-open');
      this.#toggles.setAttribute('aria-expanded', String(open));
    });
    this.#break.addEventListener('click', () => {
      breaker.cut(CUT_MS);
      this.#draw();
    });
    this.#again.addEventListener('click', again);
    for (const type of ['online', 'offline']) {
      addEventListener(type, () => this.#draw());
    }
    setInterval(() => this.#draw(), TICK_MS);
    this.#draw();
  }

  /** Takes the client's word on how it is connected. */
  show(status) {
    this.#status = status;
    this.#draw();
  }

  /** Takes how many changes of this page wait for the server. */
  set unsent(count) {
    this.#unsent = count;
    this.#draw();
  }

  /** Says in words of the page's own that there is nothing to connect to. */
  say(state, text) {
    this.#bar.dataset.state = state;
    this.#text.textContent = text;
    this.#said.textContent = text;
    this.#break.disabled = true;
    this.#again.hidden = true;
    this.#draw = () => {};
  }

  #toggle(id, text, change) {
    const box = element('input', { type: 'checkbox', id });
    box.addEventListener('change', () => change(box.checked));
    return element('label', { className: 'toggle' }, box, text);
  }

  #draw = () => {
    const { state, transport, retryAt, reason } = this.#status;
    const shown = state === 'offline' && retryAt && navigator.onLine ? 'reconnecting' : state;
    const live = state === 'live';
    this.#wasLost ||= this.#wasLive && !live;
    this.#wasLive ||= live;
    this.#bar.dataset.state = shown;
    this.#bar.dataset.transport = (live && transport) || '';
    this.#bar.dataset.stale = String(this.#wasLive && !live);
    const ended = `ended${reason ? `: ${inWords(reason)}` : ''}`;
    const words = {
      connecting: 'connecting',
      live: `live · ${TRANSPORTS[transport] ?? transport}${WITHOUT[transport] ?? ''}`,
      reconnecting: 'reconnecting',
      offline: navigator.onLine ? 'the server does not answer, trying again' : 'offline, waiting for the network',
      failed: ended,
    }[shown];
    const left = Math.ceil((retryAt - Date.now()) / 1000);
    const text = shown === 'reconnecting' && left > 0 ? `reconnecting in ${left} s` : words;
    this.#write(this.#text, text + (this.#unsent > 0 && !live ? ` · ${this.#unsent} unsent` : ''));
    this.#write(this.#said, shown === 'failed' ? ended : this.#spoken(live));
    this.#again.hidden = !(shown === 'reconnecting' && left > 0) && shown !== 'failed';
    const cutFor = Math.ceil((this.#breaker.cutUntil - performance.now()) / 1000);
    this.#break.disabled = cutFor > 0;
    this.#write(this.#break, cutFor > 0 ? `Broken for ${cutFor} s` : 'Break my connection');
  };

  #spoken(live) {
    if (live) {
      return this.#wasLost ? 'connected again' : 'connected';
    }
    return this.#wasLive ? 'connection lost' : 'connecting';
  }

  #write(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }
}
