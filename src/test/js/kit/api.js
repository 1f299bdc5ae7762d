import { json, problem } from './answers.js';
import { isEmpty, longPoll } from './poll.js';
import { openStream } from './stream.js';

/** Answers one call over HTTP, or throws if the network fails it. @returns {Promise<Response>} */
export async function answer(server, url, init) {
  const { method = 'GET', headers = {}, body } = init;
  const path = url.pathname.replace(/^\/api\//, '').split('/').map(decodeURIComponent);
  server.requests.push({ method, path: path.join('/'), query: url.searchParams, headers, body });
  const user = server.user(headers.Authorization?.slice(7), 'http');
  if (!user) {
    return problem(401, 'unauthenticated');
  }
  if (method === 'POST' && path[0] === 'tickets') {
    const ticket = `t${server.tickets.size}`;
    server.tickets.set(ticket, user);
    return json({ ticket, expires: '' }, 201);
  }
  if (path.length === 1 && path[0] === 'rooms') {
    return json({ rooms: [] });
  }
  const data = body && JSON.parse(body);
  if (path[0] === 'streams') {
    const { rooms, ...rest } = data;
    Object.entries(rest).forEach(([name, value]) => url.searchParams.set(name, value));
    rooms.forEach((room) => url.searchParams.append('room', room));
    path[0] = 'events';
    return read(server, url, init, rooms, path, user);
  }
  if (server.longest && url.href.length > server.longest) {
    return new Response('<html>', { status: 414 });
  }
  const rooms = path[0] === 'events' ? url.searchParams.getAll('room') : [path[1]];
  if (rooms.some((room) => server.forbidden.has(room))) {
    return problem(403, 'forbidden');
  }
  switch (`${method} ${path[0] === 'events' ? 'events' : path.slice(2).join('/')}`) {
    case 'POST events': {
      const key = headers['Idempotency-Key']?.slice(1, -1);
      return published(server, rooms[0], { ...data, key }, user);
    }
    case 'POST signals':
      server.signal(rooms[0], data.name, data.data, user, null);
      return new Response(null, { status: 202 });
    case 'GET members':
      return json({ count: server.list(rooms[0]).length, members: server.list(rooms[0]) });
    case 'PUT members/me':
      server.members.set(rooms[0], lessee(url, user), user, data.state, { lease: true, call: call(url) });
      return new Response(null, { status: 204 });
    case 'DELETE members/me':
      server.members.set(rooms[0], lessee(url, user), user, undefined, { call: call(url) });
      return new Response(null, { status: 204 });
  }
  return read(server, url, init, rooms, path, user);
}

/** A stream, a long poll or a page. */
function read(server, url, { headers = {}, signal }, rooms, path, user) {
  if (rooms.some((room) => server.forbidden.has(room))) {
    return problem(403, 'forbidden');
  }
  const query = url.searchParams;
  if (headers.Accept === 'text/event-stream') {
    return openStream(server, rooms, query, signal, user, query.has('client') && hold(server, rooms, url, user));
  }
  server.members.renew(rooms, lessee(url, user), call(url));
  const wait = /wait=(\d+)/.exec(headers.Prefer ?? '')?.[1];
  const after = query.get('after') ?? (path[0] === 'events' ? undefined : server.log(rooms[0]).at(0));
  // A cursor for each room, or none at all.
  if (query.has('after') && !query.get('after').split(',').every((cursor, i, all) => cursor && all.length === rooms.length)) {
    return problem(400, 'bad_cursor');
  }
  const page = () =>
    server.page(rooms, after, {
      before: query.get('before'),
      last: Number(query.get('last')),
      limit: Number(query.get('limit')) || 100,
    });
  const now = page();
  return wait && isEmpty(now) ? longPoll(server, rooms, page, wait * 1000, signal) : json(now);
}

/** A stream keeps its client a member while it is open, which `open` tells. */
function hold(server, rooms, url, user) {
  const key = lessee(url, user);
  return (open) => {
    const beat = () => {
      if (open()) {
        server.members.renew(rooms, key, call(url));
        server.clock.setTimeout(beat, 10_000);
      }
    };
    beat();
    return () => server.members.release(rooms, key, call(url));
  };
}

/** Whose membership by HTTP it is: a client's, else the user's. */
const lessee = (url, user) => `http ${user} ${url.searchParams.get('client') ?? ''}`;
const call = (url) => Number(url.searchParams.get('call') ?? 0);

function published(server, room, { name, data, key, meta }, user) {
  const fault = server.publishing({ room, name, data, key, user });
  const commit = !fault || fault.commit;
  const { event, duplicate } = commit
    ? server.publish(room, name, data, { key, by: user, meta })
    : { event: undefined, duplicate: false };
  if (fault?.lost) {
    throw new TypeError('cut');
  }
  if (fault) {
    return problem(fault.status ?? 503, fault.code, fault);
  }
  const { seq, epoch, id } = event;
  return json({ room, seq, epoch, id, duplicate }, duplicate ? 200 : 201);
}
