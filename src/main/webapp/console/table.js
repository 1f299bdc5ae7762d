import { element } from '../page/dom.js';

/**
 * A table of rows.
 *
 * @template R
 * @param {string} name for readers of the screen
 * @param {Array<{ head: string, cell: (row: R) => Node | string | number | null | undefined, number?: boolean, wide?: boolean }>} columns
 * @param {R[]} rows
 * @param {string} empty what stands there without rows
 * @param {(row: R) => boolean} [leaving] whether a row is about to go
 */
export function table(name, columns, rows, empty, leaving = () => false) {
  const kind = ({ number, wide }) => (number ? 'n' : wide ? 'wide' : undefined);
  const body = rows.map((row) =>
    element('tr', { data: leaving(row) ? { leaving: '' } : {} },
      ...columns.map((column) => element('td', { className: kind(column) }, text(column.cell(row))))));
  return element('div', { className: 'card' },
    element('div', { className: 'scroll', role: 'region', 'aria-label': name, tabIndex: 0 },
      element('table', {},
        element('caption', { className: 'unseen' }, name),
        element('thead', {},
          element('tr', {}, ...columns.map((column) => element('th', { scope: 'col', className: kind(column) }, column.head)))),
        element('tbody', {}, ...(body.length
          ? body
          : [element('tr', {}, element('td', { colSpan: columns.length, className: 'quiet' }, empty))])))));
}

function text(value) {
  return value instanceof Node ? value : value === null || value === undefined ? '' : String(value);
}

/** Names and values side by side. */
export function facts(all) {
  return element('dl', { className: 'facts' },
    ...Object.entries(all)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value instanceof Node ? value : String(value)))));
}

/** A moment: the time, and the day if it is not today; the whole of it in the title. */
export function moment(at) {
  if (!at) {
    return '';
  }
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return element('time', { dateTime: at, title: at },
    `${today ? '' : `${date.toLocaleDateString()} `}${date.toLocaleTimeString()}`);
}

/** A link to another view of the console. */
export const to = (view, value) =>
  element('a', { href: `#${view}=${encodeURIComponent(value)}` }, value || '(not said yet)');
