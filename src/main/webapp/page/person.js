/*
 * Who the visitor is: a name of their own choice, or one made up here. It is kept in this browser;
 * `?as=bob` makes this one tab somebody else, which is how one visitor plays two.
 */
const KEY = 'carillon.name';
const ROOT = new URL('../', import.meta.url);
const KINDS = ['amber', 'brisk', 'calm', 'dapper', 'early', 'fond', 'glad', 'humble', 'keen', 'lucky', 'merry', 'quiet'];
const BIRDS = ['finch', 'heron', 'ibis', 'jay', 'kite', 'lark', 'martin', 'owl', 'plover', 'robin', 'swift', 'wren'];

/** What a name looks like: it must also fit into the name of a room. */
export const NAME_PATTERN = '[A-Za-z0-9][A-Za-z0-9_.\\-]{0,29}';

const isName = (name) => new RegExp(`^${NAME_PATTERN}$`).test(name ?? '');
const anyOf = (words) => words[Math.floor(Math.random() * words.length)];

/** A name that nobody has chosen. */
export const madeUpName = () => `${anyOf(KINDS)}-${anyOf(BIRDS)}`;

/** The visitor's name. */
export function myName() {
  const asked = new URLSearchParams(location.search).get('as');
  if (isName(asked)) {
    return asked;
  }
  try {
    const kept = localStorage.getItem(KEY);
    if (isName(kept)) {
      return kept;
    }
    const made = madeUpName();
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return (fallback ??= madeUpName());
  }
}
/* Without storage the name lasts as long as the page. */
let fallback;

/** Begins this page again under another name. */
export function rename(name) {
  const address = new URL(location.href);
  if (address.searchParams.has('as')) {
    address.searchParams.set('as', name);
    location.href = address.href;
  } else {
    localStorage.setItem(KEY, name);
    location.reload();
  }
}

/**
 * The address of this page for a second person, in a tab of their own.
 *
 * @param {string | null} [instance] another instance, to be served by that
 */
export function somebodyElse(instance = null) {
  const address = new URL(location.href);
  address.searchParams.set('as', madeUpName());
  const path = address.href.slice(ROOT.href.length);
  return instance === null ? address.href : new URL(path, instance).href;
}

/** Where people reach the instance of a sample; null if it does not say so. */
export function addressOf({ url }) {
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : null;
}

/** Who is somebody else in this tab stays so on the other screens. */
export function stayMyself() {
  const as = new URLSearchParams(location.search).get('as');
  if (as) {
    for (const other of document.querySelectorAll('.screens a, .doors a, a.bell')) {
      const address = new URL(other.href);
      address.searchParams.set('as', as);
      other.href = address.href;
    }
  }
}

/** One of the eight colours of the style sheet: the same for the same name, everywhere. */
export function colourOf(name) {
  let sum = 2166136261;
  for (const character of name) {
    sum = Math.imul(sum ^ character.codePointAt(0), 16777619) >>> 0;
  }
  return `i${sum >>> 29}`;
}
