import { byId, element } from '../page/dom.js';

const NUMBERS = ['dataLimit', 'membersListLimit'];

/**
 * The settings of namespaces, to be changed. What was asked for shows at once; if the server refuses
 * it, the old values are back, and the form is open again with what was written and the reason.
 */
export class Namespaces {
  #calls;
  #done;
  #saving = new Map();
  #dialog = byId('namespace');
  #form = byId('namespace').querySelector('form');

  /**
   * @param {import('./calls.js').Calls} calls
   * @param {(said: string, kind: 'good' | 'bad') => void} done told how a change ended
   */
  constructor(calls, done) {
    this.#calls = calls;
    this.#done = done;
    this.#dialog.addEventListener('close', () => this.#dialog.returnValue === 'save' && this.#save());
  }

  /** The rows as they are stored, and on them what is about to be. */
  with(stored) {
    const rows = new Map(stored.map((row) => [row.namespace, row]));
    for (const [namespace, wanted] of this.#saving) {
      rows.set(namespace, { ...wanted, saving: true });
    }
    return [...rows.values()].sort((a, b) => a.namespace.localeCompare(b.namespace));
  }

  /** The button that opens the form, for a namespace or for one that has no settings yet. */
  button(label, row) {
    const made = element('button', { type: 'button', className: 'plain small', data: { act: `namespace ${row?.namespace ?? ''}` } },
      label, row && element('span', { className: 'unseen' }, ` ${row.namespace}`));
    made.addEventListener('click', () => {
      this.#form.reset();
      this.#open(row, '');
    });
    return made;
  }

  #open(row, problem) {
    const fields = this.#form.elements;
    fields.namespace.readOnly = Boolean(row) && !problem;
    if (row) {
      fields.namespace.value = row.namespace;
      NUMBERS.forEach((name) => (fields[name].value = row[name]));
      fields.conflate.checked = row.conflate;
    }
    byId('namespace-problem').textContent = problem;
    this.#dialog.returnValue = '';
    this.#dialog.showModal();
  }

  async #save() {
    const fields = this.#form.elements;
    const wanted = { namespace: fields.namespace.value.trim(), conflate: fields.conflate.checked };
    NUMBERS.forEach((name) => (wanted[name] = Number(fields[name].value)));
    const { namespace, ...settings } = wanted;
    this.#saving.set(namespace, wanted);
    try {
      const answer = this.#calls.put(`api/namespaces/${encodeURIComponent(namespace)}`, settings);
      this.#done('', 'good');
      await answer;
      this.#saving.delete(namespace);
      this.#done(`The settings of ${namespace} are saved; instances follow within seconds.`, 'good');
    } catch (refused) {
      this.#saving.delete(namespace);
      this.#done(`The settings of ${namespace} are as they were: ${refused.message}`, 'bad');
      if (!this.#dialog.open) {
        this.#open(wanted, `The server says: ${refused.message}`);
      }
    }
  }
}
