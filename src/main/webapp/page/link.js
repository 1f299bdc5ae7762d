import { element } from './dom.js';

const CUT_MS = 6000;
const TICK_MS = 250;
const TRANSPORTS = { websocket: 'WebSocket', sse: 'event stream', poll: 'long polling' };

/**
 * Shows how this page is connected, and lets the visitor break that: the bar under the header of
 * every screen. `data-state` and `data-transport` of the bar say the same to machines.
 */
export class Link {
  #bar;
  #breaker;
  #text = element('span', { className: 'link-text', 'aria-hidden': 'true' });
  /* Read aloud: every change of state, but not every second of a countdown. */
  #said = element('span', { className: 'unseen', role: 'status' });
  #break = element('button', { type: 'button', className: 'plain', id: 'break' }, 'Break my connection');
  #again = element('button', { type: 'button', className: 'plain small', hidden: true }, 'Try now');
  #status = { state: 'connecting' };
  #wasCut = false;

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
      element('div', { className: 'tools', role: 'group', 'aria-label': 'Break things' },
        this.#break,
        this.#toggle('block-websocket', 'Block WebSocket', (on) => (breaker.blockWebSocket = on)),
        this.#toggle('block-streaming', 'Block streaming', (on) => (breaker.blockStreams = on)),
      ),
    );
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
    this.#bar.dataset.state = shown;
    this.#bar.dataset.transport = (state === 'live' && transport) || '';
    const words = {
      connecting: 'connecting',
      live: `live · ${TRANSPORTS[transport] ?? transport}`,
      reconnecting: 'reconnecting',
      offline: navigator.onLine ? 'offline' : 'offline, waiting for the network',
      failed: `failed${reason ? `: ${reason}` : ''}`,
    }[shown];
    const left = Math.ceil((retryAt - Date.now()) / 1000);
    const text = shown === 'reconnecting' && left > 0 ? `reconnecting in ${left} s` : words;
    this.#write(this.#text, text);
    this.#write(this.#said, words);
    this.#again.hidden = !(shown === 'reconnecting' && left > 0) && shown !== 'failed';
    const cutFor = Math.ceil((this.#breaker.cutUntil - performance.now()) / 1000);
    this.#break.disabled = cutFor > 0;
    this.#write(this.#break, cutFor > 0 ? `Broken for ${cutFor} s` : 'Break my connection');
  };

  #write(place, text) {
    if (place.textContent !== text) {
      place.textContent = text;
    }
  }
}
