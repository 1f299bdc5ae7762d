import { element } from '../page/dom.js';

/*
 * The part of Markdown that the documentation uses, made into elements: headings, paragraphs, lists,
 * tables and code. Whatever else stands in a text stays text.
 */
const FENCE = /^```/;
const HEADING = /^(#{1,4}) (.+)$/;
const ITEM = /^( *)(?:[-*]|(\d+)\.) +(.*)$/;
const ROW = /^\|.*\|\s*$/;
const RULE = /^\|[\s:|-]+\|\s*$/;
const INLINE = /`([^`]+)`|\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)|\*\*((?:[^*]|\*(?!\*))+)\*\*|\*([^*\s][^*]*)\*/g;

const isBlock = (line) => line === undefined || line.trim() === '' || FENCE.test(line) || HEADING.test(line) || ITEM.test(line) || ROW.test(line);

/** What a heading is called in addresses. */
export const slug = (text) => text.toLowerCase().replace(/[^\w\- ]/g, '').replaceAll(' ', '-');

/**
 * @param {string} text
 * @param {(target: string) => string | null} address of a link; null: it leads nowhere here
 * @returns {HTMLElement[]}
 */
export function render(text, address) {
  const lines = text.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const heading = HEADING.exec(line);
    if (line.trim() === '') {
      at++;
    } else if (FENCE.test(line)) {
      const end = lines.findIndex((other, i) => i > at && FENCE.test(other));
      const until = end < 0 ? lines.length : end;
      blocks.push(element('pre', { tabIndex: 0 }, element('code', {}, lines.slice(at + 1, until).join('\n'))));
      at = until + 1;
    } else if (heading) {
      const made = element(`h${heading[1].length}`, { tabIndex: -1 }, ...inline(heading[2], address));
      made.id = slug(made.textContent);
      blocks.push(made);
      at++;
    } else if (ROW.test(line) && RULE.test(lines[at + 1] ?? '')) {
      let end = at + 2;
      while (ROW.test(lines[end] ?? '')) {
        end++;
      }
      blocks.push(table(lines[at], lines.slice(at + 2, end), address));
      at = end;
    } else if (ITEM.test(line)) {
      at = list(lines, at, blocks, address);
    } else {
      let end = at + 1;
      while (!isBlock(lines[end])) {
        end++;
      }
      blocks.push(element('p', {}, ...inline(lines.slice(at, end).join(' '), address)));
      at = end;
    }
  }
  return blocks;
}

/** A list and the lists in it; returns the line after it. */
function list(lines, from, into, address) {
  const [, indent, number] = ITEM.exec(lines[from]);
  const made = element(number ? 'ol' : 'ul', number ? { start: Number(number) } : {});
  let at = from;
  for (;;) {
    const found = ITEM.exec(lines[at] ?? '');
    if (!found || found[1].length < indent.length || Boolean(found[2]) !== Boolean(number)) {
      break;
    }
    const words = [found[3]];
    at++;
    while (!isBlock(lines[at])) {
      words.push(lines[at++].trim());
    }
    const item = element('li', {}, ...inline(words.join(' '), address));
    made.append(item);
    const inner = ITEM.exec(lines[at] ?? '');
    if (inner && inner[1].length > indent.length) {
      const lists = [];
      at = list(lines, at, lists, address);
      item.append(...lists);
    }
  }
  into.push(made);
  return at;
}

function table(head, rows, address) {
  const cells = (row) => row.trim().slice(1, -1).split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll('\\|', '|'), address));
  const titles = cells(head);
  const named = titles.some((title) => title.length > 0);
  return element('div', { className: 'scroll', tabIndex: 0 },
    element('table', {},
      named && element('thead', {}, element('tr', {}, ...titles.map((title) => element(title.length > 0 ? 'th' : 'td', {}, ...title)))),
      element('tbody', {}, ...rows.map((row) => element('tr', {}, ...cells(row).map((cell) => element('td', {}, ...cell)))))));
}

function inline(text, address) {
  const parts = [];
  let end = 0;
  for (const { 0: whole, 1: code, 2: words, 3: target, 4: strong, 5: soft, index } of text.matchAll(INLINE)) {
    parts.push(text.slice(end, index));
    end = index + whole.length;
    if (code !== undefined) {
      parts.push(element('code', {}, code));
    } else if (target !== undefined) {
      const href = address(target);
      parts.push(href === null ? element('span', {}, ...inline(words, address)) : element('a', { href }, ...inline(words, address)));
    } else {
      parts.push(element(strong === undefined ? 'em' : 'strong', {}, ...inline(strong ?? soft, address)));
    }
  }
  parts.push(text.slice(end));
  return parts.filter((part) => part !== '');
}
