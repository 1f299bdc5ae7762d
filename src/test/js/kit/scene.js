import { afterEach } from 'node:test';
import { ManualClock, seeded } from './clock.js';
import { ScriptedServer } from './server.js';

/* The modules, or the one file that the build makes of them. */
const { Carillon } = await import(
  process.env.CARILLON_CLIENT ?? '../../../main/webapp/carillon.js'
);

const open = [];
afterEach(() => {
  open.splice(0).forEach((client) => client.close());
});

/** A server, a clock, and as many clients as are asked for. */
export function scene(seed = 1) {
  const clock = new ManualClock();
  const server = new ScriptedServer(clock);
  return {
    clock,
    server,
    /** A client, and what it said of itself. */
    client(options = {}) {
      const carillon = new Carillon('http://server.invalid/', {
        clock,
        random: seeded(seed),
        fetch: server.fetch,
        WebSocket: server.WebSocket,
        page: new EventTarget(),
        storage: null,
        ...options,
      });
      const states = [];
      carillon.on('status', (status) => states.push(status));
      open.push(carillon);
      return Object.assign(carillon, {
        states,
        isLive: () => carillon.status.state === 'live',
        isOn: (transport) => carillon.status.transport === transport,
      });
    },
  };
}

/** What a room hands out: the numbers of its events. */
export function collect(room) {
  const seqs = [];
  room.on('message', (event) => seqs.push(event.seq));
  return seqs;
}

export const upTo = (n, from = 1) => Array.from({ length: n - from + 1 }, (_, i) => from + i);
