import { ROOT } from './access.js';
import { byId } from './dom.js';

/* The room of the runner of `mvn -Dcarillon.instances=2`, which kills what it is asked to. */
const ROOM = 'demo:runner';
const LINES = 12;
const PAUSE_MS = 250;
const KILL_AT = 3;

/**
 * A button that kills the instance of the second person while both talk. It is there where a runner
 * listens that has more than one.
 *
 * @param {object} me the first person, on the instance of this page
 * @param {object} other the second one, on another instance
 */
export function offerKill(me, other) {
  const button = byId('kill');
  const words = byId('kill-words');
  const room = me.carillon.room(ROOM, { last: 10 });
  let victim = null;
  let asked = false;

  room.on('message', ({ name, data }) => {
    const all = Array.isArray(data?.instances) ? data.instances.filter((one) => URL.canParse(one)) : [];
    const port = (address) => new URL(address).port;
    const own = all.find((one) => port(one) === location.port);
    const others = all.filter((one) => one !== own);
    if (all.length === 0) {
      return;
    }
    if (!own || others.length === 0) {
      button.hidden = true;
      return;
    }
    const where = (address) => `The instance at port ${port(address)}`;
    if (name !== 'runner.killed' && victim !== others[0]) {
      [victim] = others;
      me.instances = [ROOT.href, victim];
      other.instances = [victim, ROOT.href];
    }
    if (name === 'runner.killed' && asked) {
      words.textContent = `${where(data.instance)} was killed (SIGKILL). ${other.name} goes on at port ${port(own)}.`;
    } else if (name === 'runner.back') {
      button.disabled = false;
      if (asked) {
        words.textContent = `${where(data.instance)} is there again.`;
        // As a balancer would, to spread the people again.
        other.instances = [victim, ROOT.href];
      }
    }
    button.textContent = `Kill the instance of ${other.name} while both talk`;
    button.hidden = false;
  });

  button.addEventListener('click', async () => {
    button.disabled = asked = true;
    words.textContent = '';
    for (let line = 1; line <= LINES; line++) {
      me.say(`tick ${line}`);
      other.say(`tock ${line}`);
      if (line === KILL_AT) {
        room.publish('runner.kill', { instance: victim }).catch(() => {
          button.disabled = false;
        });
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  });
}
