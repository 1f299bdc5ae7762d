import { Carillon } from '../carillon.js';
import { ROOT, untilAnswered } from '../page/access.js';
import { byId, element } from '../page/dom.js';
import { myName } from '../page/person.js';
import { Acts } from './acts.js';
import { Calls } from './calls.js';
import { Namespaces } from './namespaces.js';
import { Tail } from './tail.js';
import { FILTERS, VIEWS } from './views.js';

const LOOK_MS = 2000;
/** Where operators see each other, and learn at once that another has done something. */
const OPERATORS = 'carillon:console';

const calls = new Calls();
const filters = {};
/** What the views work with. */
const desk = { calls, acts: new Acts(calls, said), namespaces: new Namespaces(calls, said), tail: undefined };
let operators;
let deeds = 0;
let shown = '';
let looking = false;
let again = false;

/** The view of the address: its name, and what it is about. */
function address() {
  const [name, value = ''] = location.hash.slice(1).split('=');
  try {
    return Object.hasOwn(VIEWS, name) ? { name, about: decodeURIComponent(value) } : { name: 'instances', about: '' };
  } catch {
    return { name: 'instances', about: '' };
  }
}

/** Says how an act ended, looks at once, and lets the other operators do so too. */
function said(text, kind) {
  const answer = byId('answer');
  answer.textContent = text;
  answer.dataset.kind = kind;
  look();
  if (text && kind === 'good') {
    deeds += 1;
    operators?.presence.track({ deeds }).catch(() => {});
  }
}

function status(state, text) {
  byId('status').dataset.state = state;
  byId('status-text').textContent = text;
}

/** Looks at the server; only one look is under way, and what changed meanwhile begins another. */
async function look() {
  if (looking) {
    again = true;
    return;
  }
  looking = true;
  const { name, about } = address();
  try {
    const asked = FILTERS[name] ? (filters[name] ??= {}) : about;
    const nodes = await VIEWS[name](desk, asked);
    if (address().name === name && address().about === about) {
      draw(`${name} ${about}`, nodes.filter(Boolean));
    }
    status('live', 'live');
  } catch (failed) {
    status('offline', failed.status ? `refused: ${failed.message}` : 'the server does not answer');
  } finally {
    looking = false;
    if (again) {
      again = false;
      look();
    }
  }
}

/** Tells on every view how many alerts are on. */
async function countAlerts() {
  try {
    const { count, silent } = await calls.get('api/admin/alerts');
    const place = byId('alert-count');
    const text = count + silent ? String(count + silent) : '';
    if (place.textContent !== text) {
      place.textContent = text;
      place.hidden = !text;
    }
  } catch {
    // The view says what is the matter.
  }
}

/** By what an element that has the focus is found again. */
const trace = (node) => node?.dataset.act ?? node?.getAttribute('href') ?? node?.getAttribute('aria-label');

/** Shows a view. What has not changed stays, and so do the focus and what was scrolled. */
function draw(key, nodes) {
  const view = byId('view');
  const content = view.querySelector('#content') ?? view.appendChild(element('div', { id: 'content' }));
  if (key === shown && content.children.length === nodes.length && nodes.every((node, i) => node.isEqualNode(content.children[i]))) {
    return;
  }
  shown = key;
  const focused = content.contains(document.activeElement) ? trace(document.activeElement) : null;
  const scrolled = [...content.querySelectorAll('.scroll')].map((each) => each.scrollLeft);
  content.replaceChildren(...nodes);
  content.querySelectorAll('.scroll').forEach((each, i) => (each.scrollLeft = scrolled[i] ?? 0));
  if (focused) {
    [...content.querySelectorAll('[data-act], a, [tabindex]')].find((each) => trace(each) === focused)?.focus();
  }
}

/** Another view: its title, its filters, nothing of the old one. */
function turn() {
  const { name, about } = address();
  for (const link of byId('views').children) {
    link.toggleAttribute('aria-current', false);
    const of = { user: 'connections', room: 'rooms' }[name] ?? name;
    if (link.hash === `#${of}`) {
      link.setAttribute('aria-current', 'page');
    }
  }
  byId('title').textContent = `${name[0].toUpperCase()}${name.slice(1)}${about ? ` ${about}` : ''}`;
  document.title = `${byId('title').textContent} · Carillon console`;
  byId('answer').textContent = '';
  if (name !== 'room') {
    desk.tail.end();
  }
  shown = '';
  byId('view').replaceChildren(...(FILTERS[name] ? [form(name)] : []));
  look();
}

function form(name) {
  const values = (filters[name] ??= {});
  const made = element('form', { className: 'filters', role: 'search' },
    ...FILTERS[name].map((each) => {
      const input = each.toggle
        ? element('input', { type: 'checkbox', checked: Boolean(values[each.name]) })
        : element('input', { type: 'search', value: values[each.name] ?? '', spellcheck: false });
      input.addEventListener('input', () => {
        values[each.name] = each.toggle ? (input.checked ? 'true' : '') : input.value.trim();
        look();
      });
      return each.toggle
        ? element('label', { className: 'toggle' }, input, each.label)
        : element('label', {}, each.label, input);
    }));
  made.addEventListener('submit', (event) => event.preventDefault());
  return made;
}

/** Operators see each other; what one has done the others look at. */
function meet(carillon) {
  operators = carillon.room(OPERATORS);
  operators.presence.on('change', ({ members }) => {
    const others = members.map(({ user }) => user).filter((user) => user !== carillon.user);
    byId('here').textContent = others.length ? `Also at the console: ${others.join(', ')}` : '';
    look();
  });
  operators.presence.track({ deeds }).catch(() => {});
}

function open() {
  byId('login').hidden = true;
  const carillon = new Carillon(ROOT, { token: () => calls.token });
  desk.tail = new Tail(carillon);
  meet(carillon);
  addEventListener('hashchange', turn);
  document.addEventListener('visibilitychange', () => document.hidden || look());
  setInterval(() => document.hidden || look(), LOOK_MS);
  setInterval(() => document.hidden || countAlerts(), LOOK_MS);
  countAlerts();
  turn();
}

byId('login').addEventListener('submit', async (event) => {
  event.preventDefault();
  const input = event.target.elements.token;
  if (await calls.use(input.value.trim())) {
    open();
  } else {
    byId('login-answer').textContent = 'The server refuses this token, or it has not the right admin on every room.';
    byId('login-answer').dataset.kind = 'bad';
  }
});

if (await untilAnswered(() => calls.begin(myName()), () => status('offline', 'the server does not answer'))) {
  open();
} else {
  status('closed', 'a token is needed');
  byId('login').hidden = false;
}
