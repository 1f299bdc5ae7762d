import { byId, element } from '../page/dom.js';
import { resolved, written } from './schema.js';

const VERBS = ['get', 'post', 'put', 'delete'];

const idOf = (verb, path) => `${verb}${path.replace(/[^A-Za-z0-9]+/g, '-')}`;
/* The description marks code as Markdown does. */
const words = (text) => text.split('`').map((part, i) => (i % 2 ? element('code', {}, part) : part));

function curl(verb, path, body) {
  const lines = [`curl ${verb === 'get' ? '' : `-X ${verb.toUpperCase()} `}${location.origin}${path}`, '-H "Authorization: Bearer $TOKEN"'];
  if (body) {
    lines.push("-H 'Content-Type: application/json' -d '…'");
  }
  return lines.join(' \\\n  ');
}

function pairs(title, entries) {
  return entries.length
    ? [element('h4', {}, title), element('dl', {}, ...entries.flatMap(([name, ...text]) => [element('dt', {}, element('code', {}, name)), element('dd', {}, ...text)]))]
    : [];
}

function block(label, text) {
  return [element('h4', {}, label), element('pre', { tabIndex: 0, role: 'region', 'aria-label': label }, element('code', {}, text))];
}

function bodyOf(api, node) {
  const content = resolved(api, node)?.content ?? {};
  return Object.entries(content).find(([type]) => type.endsWith('json'))?.[1].schema;
}

/** One call. */
function card(api, path, verb, call, shared) {
  const name = `${verb.toUpperCase()} ${path}`;
  const parameters = [...shared, ...(call.parameters ?? [])].map((each) => resolved(api, each));
  const sent = bodyOf(api, call.requestBody);
  const good = Object.entries(call.responses).find(([status]) => status.startsWith('2'));
  const answer = good && bodyOf(api, good[1]);
  return element('section', { className: 'call card', id: idOf(verb, path), tabIndex: -1, 'aria-labelledby': `${idOf(verb, path)}-name`, data: { words: `${name} ${call.summary} ${call.description ?? ''}`.toLowerCase() } },
    element('h3', { id: `${idOf(verb, path)}-name` }, element('span', { className: 'verb' }, verb.toUpperCase()), ' ', element('code', {}, path)),
    element('p', {}, ...words(call.summary ?? '')),
    call.description && element('p', { className: 'quiet' }, ...words(call.description)),
    ...pairs('Parameters', parameters.map((each) => [each.name, `${each.in}${each.required ? ', required' : ''}, ${written(api, each.schema)}`, ...(each.description ? ['; ', ...words(each.description)] : [])])),
    ...block(`Call of ${name}`, curl(verb, path, call.requestBody)),
    ...(sent ? block(`Body of ${name}`, written(api, sent)) : []),
    ...(answer ? block(`Answer of ${name}`, written(api, answer)) : []),
    ...pairs('Answers', Object.entries(call.responses).map(([status, each]) => [status, ...words(resolved(api, each)?.description ?? '')])));
}

function show(api) {
  const groups = new Map((api.tags ?? []).map(({ name, description }) => [name, { name, description, cards: [] }]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const verb of VERBS.filter((each) => item[each])) {
      const tag = item[verb].tags?.[0] ?? 'other';
      const group = groups.get(tag) ?? { name: tag, cards: [] };
      groups.set(tag, group);
      group.cards.push(card(api, path, verb, item[verb], item.parameters ?? []));
    }
  }
  const used = [...groups.values()].filter(({ cards }) => cards.length);
  byId('pages').replaceChildren(...used.map(({ name }) => element('a', { href: `#${name}` }, name)));
  byId('list').replaceChildren(...used.map(({ name, description, cards }) =>
    element('section', { 'aria-labelledby': name, data: { group: '' } },
      element('h2', { id: name, tabIndex: -1 }, name), description && element('p', {}, ...words(description)), ...cards)));
}

function filter() {
  const asked = byId('search').elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const call of document.querySelectorAll('.call')) {
    call.hidden = !asked.every((word) => call.dataset.words.includes(word));
    found += call.hidden ? 0 : 1;
  }
  for (const group of document.querySelectorAll('[data-group]')) {
    group.hidden = !group.querySelector('.call:not([hidden])');
  }
  byId('found').textContent = `${found} calls`;
}

const response = await fetch(new URL('../openapi?format=JSON', import.meta.url), { headers: { Accept: 'application/json' } });
show(await response.json());
byId('search').addEventListener('input', filter);
byId('search').addEventListener('submit', (event) => event.preventDefault());
filter();
if (location.hash) {
  byId(location.hash.slice(1))?.scrollIntoView();
}
