import { byId, element } from '../page/dom.js';
import { render } from './markdown.js';

/* Texts that are served beside this page; the name is what stands before `:` in the address. */
const NAME = /^(?:guests\/)?[\w-]+$/;
const FIRST = 'guide';

let shown = '';

async function show() {
  // Where the link that skips what stands above it leads.
  if (location.hash === '#text' && shown !== '') {
    byId('text').focus();
    return;
  }
  const [asked, heading] = decoded().split(':');
  const name = NAME.test(asked) && asked !== 'text' ? asked : FIRST;
  if (name !== shown) {
    shown = name;
    const blocks = await read(name);
    if (name !== shown) {
      return;
    }
    byId('text').replaceChildren(...blocks);
    document.title = `${byId('text').querySelector('h1')?.textContent ?? 'Docs'} · Carillon`;
    for (const link of document.querySelectorAll('.pages a')) {
      link.hash === `#${name}` ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current');
    }
  }
  const place = heading ? document.getElementById(heading) : byId('text').querySelector('h1');
  if (location.hash !== '') {
    heading ? place?.scrollIntoView() : scrollTo(0, 0);
    place?.focus({ preventScroll: true });
  }
}

async function read(name) {
  const answer = await fetch(`${name}.md`).catch(() => null);
  if (!answer?.ok) {
    return [element('h1', { tabIndex: -1 }, 'There is no such page'), element('p', {}, 'The server has not given it.')];
  }
  return render(await answer.text(), (target) => address(target, name));
}

/** Where a link of a text leads on this page; null: what it names is not served. */
function address(target, from) {
  if (/^https?:/.test(target)) {
    return target;
  }
  const { pathname, hash } = new URL(target, `http://docs.invalid/${from}.md`);
  const name = decodeURI(pathname).slice(1).replace(/\.md$/, '');
  const served = pathname.endsWith('.md') && NAME.test(name) && name !== 'README' && !target.startsWith('../../');
  return served ? `#${name}${hash.replace('#', ':')}` : null;
}

function decoded() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

addEventListener('hashchange', show);
show();
