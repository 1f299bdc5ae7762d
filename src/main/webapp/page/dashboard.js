import { SPAN_MS, addLines, createChart, drawUntil, recolour, removeLines } from './charts.js';
import { byId, counted, element } from './dom.js';
import { addressOf } from './person.js';
import { FIGURES, showServers } from './servers.js';

/** Without a sample for so long an instance counts as gone, in ms. */
const GONE_MS = 5000;
/** And is taken off the table after this. */
const FORGET_MS = 10 * 60 * 1000;
/** A hole this long in an instance's samples is drawn as a hole. */
const HOLE_MS = 3500;
const MAX_INSTANCES = 40;
/* Samples come once a second from each instance; all of a second are drawn together. */
const DRAW_MS = 1000;

const written = (value, digits) =>
  typeof value === 'number'
    ? value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : '–';

function duration(seconds) {
  if (typeof seconds !== 'number') {
    return '–';
  }
  const whole = Math.floor(seconds);
  const [d, h, m, s] = [whole / 86400, (whole / 3600) % 24, (whole / 60) % 60, whole % 60].map(Math.floor);
  const two = (n) => String(n).padStart(2, '0');
  return `${d > 0 ? `${d} d ` : ''}${h}:${two(m)}:${two(s)}`;
}

const key = ({ index }) => element('span', { className: `key i${index % 8}` });

/** Draws the samples of all instances; knows nothing of where they come from. */
export class Dashboard {
  #instances = new Map();
  #charts = new Map();
  #newest = 0;
  #newestArrived = 0;
  #live = false;
  #liveSince = 0;
  #indices = 0;
  #body;
  #note = byId('live-note');
  #inSight = new Set();
  #drawn = -Infinity;
  #due = 0;

  constructor() {
    showServers(byId('servers'));
    this.#body = byId('instances');
    for (const figure of FIGURES) {
      this.#charts.set(figure.id, createChart(byId(`chart-${figure.id}`), figure));
    }
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      this.#charts.forEach(recolour);
      this.draw();
    });
    const sight = new IntersectionObserver((entries) => {
      entries.forEach(({ target, isIntersecting }) => {
        isIntersecting ? this.#inSight.add(target) : this.#inSight.delete(target);
      });
      this.draw();
    });
    FIGURES.forEach(({ id }) => sight.observe(byId(`chart-${id}`)));
    setInterval(() => this.draw(), DRAW_MS);
  }

  /** Whether samples are arriving; while they are not, nobody is called gone. */
  set live(live) {
    this.#live = live;
    this.#liveSince = performance.now();
    this.draw();
  }

  /** Takes the samples of a page of history; colours go by name then, not by who came first. */
  addAll(events) {
    const names = new Set(events.map((event) => event.data?.instance));
    [...names].filter((name) => typeof name === 'string').sort().forEach((name) => this.#meet(name));
    events.forEach((event) => this.add(event));
  }

  /** Takes one `instance.sample` event. */
  add({ name, at, data }) {
    if (name !== 'instance.sample' || typeof data?.instance !== 'string') {
      return;
    }
    const time = Date.parse(at);
    const instance = this.#meet(data.instance);
    if (!instance || !(time > instance.time)) {
      return;
    }
    for (const figure of FIGURES) {
      for (const [points, of] of [
        [instance.points.get(figure.id), figure.of],
        [instance.thinPoints.get(figure.id), figure.thin],
      ]) {
        if (of) {
          if (time - instance.time > HOLE_MS && points.length) {
            points.push({ x: instance.time + 1, y: NaN });
          }
          const value = of(data);
          points.push({ x: time, y: typeof value === 'number' ? value : NaN });
          while (points.length && points[0].x < time - SPAN_MS - 5000) {
            points.shift();
          }
        }
      }
    }
    instance.time = time;
    instance.data = data;
    if (time >= this.#newest) {
      this.#newest = time;
      this.#newestArrived = performance.now();
    }
  }

  /** Draws soon, together with whatever else changes until then; never in a hidden page. */
  draw() {
    if (!this.#due && !document.hidden && this.#instances.size > 0) {
      const wait = Math.max(0, this.#drawn + DRAW_MS - performance.now());
      this.#due = setTimeout(() => requestAnimationFrame(() => this.#draw()), wait);
    }
  }

  /** Draws the charts that are in sight, and all values and the table, as of now. */
  #draw() {
    this.#due = 0;
    this.#drawn = performance.now();
    const since = Math.max(this.#newestArrived, this.#liveSince);
    const edge = this.#newest + (this.#live ? performance.now() - since : 0);
    for (const [name, instance] of this.#instances) {
      if (edge - instance.time > FORGET_MS) {
        this.#forget(name);
      }
    }
    const all = [...this.#instances.entries()].sort(([a], [b]) => a.localeCompare(b));
    const gone = (instance) => this.#live && edge - instance.time > GONE_MS;
    for (const figure of FIGURES) {
      const chart = this.#charts.get(figure.id);
      if (this.#inSight.has(chart.canvas)) {
        drawUntil(chart, edge);
      }
      byId(`values-${figure.id}`).replaceChildren(
        ...all.map(([name, i]) => this.#value(name, i, figure, gone(i))),
      );
    }
    this.#body.replaceChildren(...all.map(([name, i]) => this.#row(name, i, gone(i), edge)));
    const here = all.filter(([, i]) => !gone(i)).length;
    const silent = all.length - here;
    this.#note.textContent = this.#live
      ? `${counted(here, 'server')}${silent ? `, ${silent} gone` : ''} · the last two minutes · each publishes its own figures here, one event a second`
      : 'Not connected: these are the last figures that arrived.';
  }

  #meet(name) {
    const known = this.#instances.get(name);
    if (known) {
      return known;
    }
    if (this.#instances.size >= MAX_INSTANCES) {
      return undefined;
    }
    const instance = {
      index: this.#indices++,
      time: 0,
      data: {},
      points: new Map(),
      thinPoints: new Map(),
    };
    for (const figure of FIGURES) {
      const lines = [{ points: [], label: figure.thin ? 'median' : '', thin: false }];
      if (figure.thin) {
        lines.push({ points: [], label: 'p99', thin: true });
        instance.thinPoints.set(figure.id, lines[1].points);
      }
      instance.points.set(figure.id, lines[0].points);
      addLines(this.#charts.get(figure.id), name, instance.index, lines);
    }
    this.#instances.set(name, instance);
    return instance;
  }

  #forget(name) {
    const { index } = this.#instances.get(name);
    this.#instances.delete(name);
    this.#charts.forEach((chart) => removeLines(chart, index));
  }

  #value(name, instance, figure, gone) {
    const text = gone ? '–' : written(figure.of(instance.data), figure.digits);
    return element('span', { className: `value${gone ? ' gone' : ''}` },
      key(instance), element('b', {}, text), name);
  }

  #row(name, instance, gone, edge) {
    const { data } = instance;
    const state = !this.#live ? 'unknown' : gone ? 'gone' : 'live';
    const silence = Math.floor((edge - instance.time) / 1000);
    const mark = element('span', { className: 'state' },
      element('span', { className: 'dot' }), gone ? `gone, ${silence} s` : state);
    const row = element('tr', { data: { state } },
      element('th', { scope: 'row' }, key(instance), addressOf(data) ? element('a', { href: addressOf(data) }, name) : name), element('td', {}, mark));
    for (const text of [
      duration(data.uptime),
      written(data.connections, 0),
      written(data.rooms, 0),
      written(data.published, 1),
      written(data.delivered, 1),
      written(data.latency?.p50, 1),
      written(data.latency?.p99, 1),
      `${written(data.heap?.used, 0)} / ${written(data.heap?.committed, 0)}`,
      written(data.cores, 2),
      written(data.roundTrip, 2),
    ]) {
      row.append(element('td', { className: 'n' }, text));
    }
    return row;
  }
}
