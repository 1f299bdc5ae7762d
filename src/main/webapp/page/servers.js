import { element } from './dom.js';

/* What is drawn: where the value stands in a sample, and how it is written. */
export const FIGURES = [
  { id: 'connections', title: 'Connections', unit: 'open now', what: 'Connections', of: (s) => s.connections, digits: 0, least: 4 },
  { id: 'published', title: 'Published', unit: 'events/s, after commit', what: 'Published events a second', of: (s) => s.published, digits: 1, least: 4 },
  { id: 'delivered', title: 'Delivered', unit: 'deliveries/s', what: 'Deliveries a second', of: (s) => s.delivered, digits: 1, least: 4 },
  { id: 'latency', title: 'Publish to deliver', unit: 'ms, median and (thin) p99', what: 'Publish-to-deliver latency', of: (s) => s.latency?.p50, thin: (s) => s.latency?.p99, digits: 1, least: 5 },
  { id: 'heap', title: 'Heap', unit: 'MiB used', what: 'Heap used', by: 'by', of: (s) => s.heap?.used, digits: 0, least: 64 },
  { id: 'roundtrip', title: 'Database', unit: 'ms for one round trip', what: 'Database round trip', of: (s) => s.roundTrip, digits: 2, least: 1 },
];

const COLUMNS = ['Instance', 'State', 'Up', 'Connections', 'Rooms', 'Published/s', 'Delivered/s', 'p50 ms', 'p99 ms', 'Heap MiB', 'Cores', 'Database ms'];
/* The columns after these are numbers. */
const WORDS = 2;

function card({ id, title, unit, what, by = 'of' }) {
  const label = `${what} ${by} each instance over the last two minutes`;
  return element('figure', { className: 'card' },
    element('figcaption', {}, element('h3', {}, title), element('p', { className: 'unit' }, unit)),
    element('div', { className: 'values', id: `values-${id}` }),
    element('div', { className: 'plot' },
      element('canvas', { id: `chart-${id}`, role: 'img', 'aria-label': label })));
}

/** Makes the places of the charts and of the table of instances, which stand on two pages. */
export function showServers(place) {
  const nobody = element('td', { colSpan: COLUMNS.length, className: 'quiet' }, 'No instance has reported yet.');
  place.replaceChildren(
    element('div', { className: 'charts' }, ...FIGURES.map(card)),
    element('div', { className: 'scroll card', role: 'region', 'aria-label': 'Instances, a table', tabIndex: 0 },
      element('table', {},
        element('thead', {}, element('tr', {},
          ...COLUMNS.map((column, i) => element('th', { scope: 'col', className: i < WORDS ? null : 'n' }, column)))),
        element('tbody', { id: 'instances' }, element('tr', {}, nobody)))));
}
