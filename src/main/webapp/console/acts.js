import { byId, element } from '../page/dom.js';
import { userSegment } from './segment.js';

/**
 * What an operator can do to a user. What was asked for shows at once; the next look at the server
 * tells whether it came about.
 */
export class Acts {
  #calls;
  #done;
  /** Users who were told to go and may still be listed. */
  leaving = new Set();

  /**
   * @param {import('./calls.js').Calls} calls
   * @param {(said: string, kind: 'good' | 'bad') => void} done told how an act ended
   */
  constructor(calls, done) {
    this.#calls = calls;
    this.#done = done;
  }

  /** The buttons for a user. */
  buttons(user, ban) {
    const named = userSegment(user);
    return element('span', { role: 'group', 'aria-label': `Acts on ${user}` },
      this.#button('kick', user, 'Disconnect', () =>
        this.#away(user, () => this.#calls.delete(`api/users/${named}/connections`), `${user} was disconnected and may come back.`)),
      this.#button('revoke', user, 'Revoke tokens', () =>
        this.#away(user, () => this.#calls.delete(`api/users/${named}/connections?revoke=true`), `The tokens of ${user} are refused from now on.`)),
      ban ? this.lift(user) : this.#button('ban', user, 'Ban …', () => this.#ban(user)));
  }

  /** The button that ends a ban. */
  lift(user) {
    return this.#button('lift', user, 'End the ban', () =>
      this.#act(() => this.#calls.delete(`api/admin/bans/${userSegment(user)}`), `${user} is let in again.`));
  }

  #button(act, user, label, run) {
    const button = element('button', { type: 'button', className: 'plain small', data: { act: `${act} ${user}` } },
      label, element('span', { className: 'unseen' }, ` ${user}`));
    button.addEventListener('click', run);
    return button;
  }

  async #away(user, call, said) {
    this.leaving.add(user);
    setTimeout(() => this.leaving.delete(user), 5000);
    await this.#act(call, said);
  }

  async #act(call, said) {
    try {
      const done = call();
      this.#done('', 'good');
      await done;
      this.#done(said, 'good');
    } catch (refused) {
      this.leaving.clear();
      this.#done(`Not done: ${refused.message}`, 'bad');
    }
  }

  #ban(user) {
    const dialog = byId('ban');
    const form = dialog.querySelector('form');
    byId('ban-user').textContent = user;
    dialog.returnValue = '';
    dialog.addEventListener('close', () => {
      if (dialog.returnValue === 'ban') {
        const until = new Date(Date.now() + 1000 * Number(form.elements.for.value)).toISOString();
        const reason = form.elements.reason.value;
        form.reset();
        this.#away(user, () => this.#calls.put(`api/admin/bans/${userSegment(user)}`, { until, reason }), `${user} is banned.`);
      }
    }, { once: true });
    dialog.showModal();
  }
}
