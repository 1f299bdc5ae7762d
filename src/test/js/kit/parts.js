import { collect, scene } from './scene.js';

export const ways = ['websocket', 'sse', 'poll'];
export const numberOf = (cursor) => Number(cursor.split('.')[1]);

/** A live client, a room with so many events, and what is asked of the wire for it. */
export async function begun(transport, events = 0, options = {}) {
  const all = scene();
  const { server, clock } = all;
  const publish = (n = 1) => {
    for (let i = 0; i < n; i++) {
      server.publish('a', 'x', 0);
    }
  };
  publish(events);
  const carillon = all.client({ transports: [transport], ...options });
  collect(carillon.room('other'));
  await clock.until(() => carillon.isLive());
  await clock.advance(50);
  const frames = (type) =>
    server.of('websocket').flatMap(({ received }) => received).filter((one) => one.type === type && one.room === 'a');
  const isRead = () =>
    transport === 'websocket'
      ? frames('join').length > frames('leave').length
      : server.of(transport).some(({ rooms }) => rooms.includes('a'));
  return { ...all, carillon, publish, isRead, frames };
}

/** What a room hands out, with `joined` and `resync`. */
export function record(room) {
  const heard = [];
  room.on('joined', ({ cursor }) => heard.push(`joined ${cursor}`));
  room.on('resync', ({ reason }) => heard.push(reason));
  room.on('message', ({ seq }) => heard.push(seq));
  return heard;
}
