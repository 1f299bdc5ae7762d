import { element } from './dom.js';
import { NAME_PATTERN, rename } from './person.js';

/** Asks for another name, and begins the page again under it. */
export function askName(present) {
  const input = element('input', {
    name: 'name',
    value: present,
    pattern: NAME_PATTERN,
    maxLength: 30,
    required: true,
    autocomplete: 'nickname',
    spellcheck: false,
    title: 'Letters, digits, dots, hyphens and underscores',
  });
  const form = element('form', { method: 'dialog' },
    element('h2', { id: 'name-title' }, 'Your name here'),
    element('p', { className: 'quiet' }, 'Nothing but a name: the server gives a demo token for it.'),
    element('label', {}, 'Name', input),
    element('p', { className: 'buttons' },
      element('button', { type: 'submit', value: 'save' }, 'Use it'),
      element('button', { type: 'submit', value: 'cancel', className: 'plain', formNoValidate: true }, 'Cancel'),
    ),
  );
  const dialog = element('dialog', { className: 'card ask', 'aria-labelledby': 'name-title' }, form);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (dialog.returnValue === 'save' && input.value !== present) {
      rename(input.value);
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}
