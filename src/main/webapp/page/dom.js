/** @param {string} id */
export const byId = (id) => document.getElementById(id);

/**
 * Makes an element. Text only ever becomes text, whatever stands in it.
 *
 * @param {string} name
 * @param {Record<string, unknown>} [properties] properties or attributes; `data` goes to the dataset;
 *     what is null or undefined is left out
 * @param {...(Node|string|null|undefined|false)} children
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) {
      continue;
    }
    if (key === 'data') {
      Object.assign(made.dataset, value);
    } else if (key in made) {
      made[key] = value;
    } else {
      made.setAttribute(key, String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Makes the copy buttons of a page's code blocks work. */
export function enableCopying() {
  for (const button of document.querySelectorAll('[data-copy]')) {
    button.hidden = !navigator.clipboard;
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(byId(button.dataset.copy).textContent);
      button.textContent = 'Copied';
      setTimeout(() => (button.textContent = 'Copy'), 1500);
    });
  }
}

/** Writes this page's own origin into the commands that it shows. */
export function fillOrigin() {
  for (const place of document.querySelectorAll('[data-origin]')) {
    place.textContent = location.origin;
  }
}

/** A number with its noun: `counted(2, 'event')`. */
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
