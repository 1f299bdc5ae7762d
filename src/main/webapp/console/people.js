import { counted, element } from '../page/dom.js';
import { userSegment } from './segment.js';
import { facts, moment, table, to } from './table.js';

/** A link to a user, or that nobody has said who it is. */
export const users = (name) => (name ? to('user', name) : element('span', { className: 'quiet' }, 'not said yet'));

const number = (value) => element('span', { className: value > 0 ? 'bad' : undefined }, String(value));

/** What each column of a list of connections shows. */
function connectionColumns(acts) {
  return [
    { head: 'User', cell: (row) => users(row.user) },
    { head: 'Instance', cell: (row) => row.instance },
    { head: 'Protocol', cell: (row) => row.protocol },
    { head: 'Transport', cell: (row) => row.transport },
    { head: 'Address', cell: (row) => row.address },
    { head: 'Since', cell: (row) => moment(row.since) },
    { head: 'Rooms', cell: (row) => row.rooms, number: true },
    { head: 'Events behind', cell: (row) => number(row.behind), number: true },
    { head: 'Bytes waiting', cell: (row) => row.waiting, number: true },
    ...(acts ? [{ head: 'Act', cell: (row) => (row.user ? acts.buttons(row.user) : '') }] : []),
  ];
}

/** That some instances have not answered; null if all have. */
export function silent(answer) {
  return answer.silent
    ? element('p', { className: 'bad' }, `${counted(answer.silent, 'instance')} did not answer.`)
    : null;
}

function connections(answer, acts, leaving) {
  return [
    element('p', { className: 'quiet' }, `${counted(answer.count, 'connection')}, ${answer.connections.length} shown, those with most to catch up first.`),
    silent(answer),
    table('Connections', connectionColumns(acts), answer.connections, 'Nobody.', (row) => leaving.has(row.user)),
  ];
}

const spaced = (word) => word.replaceAll('_', ' ');

/** What a user did, in words. */
function deed({ act, name, seq, code, transport, protocol, address }) {
  switch (act) {
    case 'opened':
      return `opened a connection: ${protocol}, ${transport}${address ? `, from ${address}` : ''}`;
    case 'closed':
      return `a connection was closed: ${spaced(code)}`;
    case 'published':
      return element('span', {}, 'published ', element('b', {}, name), ` as #${seq}`);
    case 'signalled':
      return element('span', {}, 'sent the signal ', element('b', {}, name));
    case 'joined':
      return 'reads from now on';
    case 'left':
      return 'reads no more';
    default:
      return element('span', { className: 'bad' }, `was refused ${name ?? ''}: ${spaced(code)}`);
  }
}

/** The views of connections, of a user and of a room. */
export const PEOPLE = {
  async connections({ calls, acts }, filter) {
    const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    return connections(await calls.get(`api/admin/connections?${asked}`), acts, acts.leaving);
  },

  async user({ calls, acts }, user) {
    const named = encodeURIComponent(user);
    const [open, ended, { bans }, now] = await Promise.all([
      calls.get(`api/admin/connections?user=${named}&reads=true`),
      calls.get(`api/admin/connections/ended?user=${named}&limit=20`),
      calls.get('api/admin/bans'),
      calls.get(`api/admin/users/${userSegment(user)}/acts`),
    ]);
    const ban = bans.find((each) => each.user === user);
    const reads = open.connections.flatMap((each) => each.reads.map((read) => ({ ...read, instance: each.instance })));
    return [
      facts({
        User: user,
        Connections: open.count,
        Banned: ban ? element('span', { className: 'bad' }, 'until ', moment(ban.until), ` by ${ban.by}: ${ban.reason}`) : 'no',
      }),
      acts.buttons(user, ban),
      element('h2', {}, 'Doing now'),
      element('p', { className: 'quiet' }, 'Connections as far back as they are remembered; publishes, signals, joins and refusals since this page was opened.'),
      table('Acts', [
        { head: 'When', cell: (row) => moment(row.at) },
        { head: 'What', cell: deed, wide: true },
        { head: 'Room', cell: (row) => (row.room ? to('room', row.room) : '') },
        { head: 'Instance', cell: (row) => row.instance },
      ], now.acts.slice(0, 50), 'Nothing yet.'),
      element('h2', {}, 'Open connections'),
      ...connections(open, null, acts.leaving),
      element('h2', {}, 'Rooms'),
      table('Rooms', [
        { head: 'Room', cell: (row) => to('room', row.room) },
        { head: 'Instance', cell: (row) => row.instance },
        { head: 'Position', cell: (row) => row.seq, number: true },
        { head: 'Events behind', cell: (row) => number(row.behind), number: true },
      ], reads, 'None.'),
      element('h2', {}, 'How connections ended'),
      table('Ended', [
        { head: 'Ended', cell: (row) => moment(row.ended) },
        { head: 'Why', cell: (row) => `${spaced(row.reason)} (${row.code})` },
        { head: 'Instance', cell: (row) => row.instance },
        { head: 'Transport', cell: (row) => row.transport },
        { head: 'Address', cell: (row) => row.address },
        { head: 'Since', cell: (row) => moment(row.since) },
      ], ended.ended, 'None that is remembered.'),
    ];
  },

  async room({ calls, acts, tail }, room) {
    const named = encodeURIComponent(room);
    const [seen, readers] = await Promise.all([
      calls.get(`api/admin/rooms/${named}`),
      calls.get(`api/admin/connections?room=${named}`),
    ]);
    const { last } = seen;
    return [
      facts({
        Room: room,
        Head: seen.head,
        Floor: seen.floor,
        Members: seen.members,
        'Events in the last minute': seen.minute,
        'Last event': last ? element('span', {}, moment(last.at), ` “${last.event}” by `, users(last.by)) : 'none',
      }),
      element('h2', {}, 'Readers'),
      ...connections(readers, acts, acts.leaving),
      element('h2', {}, 'Live'),
      tail.node(room),
    ];
  },
};
