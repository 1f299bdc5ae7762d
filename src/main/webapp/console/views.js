import { counted, element } from '../page/dom.js';
import { facts, moment, table, to } from './table.js';

const users = (name) => (name ? to('user', name) : element('span', { className: 'quiet' }, 'not said yet'));
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

function silent(answer) {
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

/**
 * The views of the console: each loads what it shows and gives the nodes. `acts` makes buttons and
 * filters; `leaving` are users who were told to go.
 */
export const VIEWS = {
  async instances(calls) {
    const { instances } = await calls.get('api/admin/instances');
    const known = (row, name) => row.figures?.[name] ?? '–';
    return [table('Instances', [
      { head: 'Instance', cell: (row) => row.name },
      { head: 'Since', cell: (row) => moment(row.started) },
      { head: 'State', cell: (row) => (row.draining ? 'drains' : row.figures ? 'serves' : element('span', { className: 'bad' }, 'does not answer')) },
      { head: 'Moves the outbox', cell: (row) => (row.relay ? 'yes' : '') },
      { head: 'Hears notifications', cell: (row) => (row.figures ? (row.figures.listening ? 'yes' : element('span', { className: 'bad' }, 'no')) : '–') },
      { head: 'Connections', cell: (row) => known(row, 'connections'), number: true },
      { head: 'Rooms read', cell: (row) => known(row, 'rooms'), number: true },
      { head: 'Bytes waiting', cell: (row) => known(row, 'waiting'), number: true },
    ], instances, 'None.')];
  },

  async connections(calls, filter, acts, leaving) {
    const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    const answer = await calls.get(`api/admin/connections?${asked}`);
    return connections(answer, acts, leaving);
  },

  async user(calls, user, acts, leaving) {
    const named = encodeURIComponent(user);
    const [open, ended, { bans }] = await Promise.all([
      calls.get(`api/admin/connections?user=${named}&reads=true`),
      calls.get(`api/admin/connections/ended?user=${named}&limit=20`),
      calls.get('api/admin/bans'),
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
      element('h2', {}, 'Open connections'),
      ...connections(open, null, leaving),
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
        { head: 'Why', cell: (row) => `${row.reason.replaceAll('_', ' ')} (${row.code})` },
        { head: 'Instance', cell: (row) => row.instance },
        { head: 'Transport', cell: (row) => row.transport },
        { head: 'Address', cell: (row) => row.address },
        { head: 'Since', cell: (row) => moment(row.since) },
      ], ended.ended, 'None that is remembered.'),
    ];
  },

  async rooms(calls, filter) {
    const { rooms } = await calls.get(`api/rooms?prefix=${encodeURIComponent(filter.prefix ?? '')}`);
    return [table('Rooms that are read or have members', [
      { head: 'Room', cell: (room) => to('room', room) },
    ], rooms, 'None.')];
  },

  async room(calls, room, acts, leaving, tail) {
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
        'Last event': last ? element('span', {}, moment(last.at), ` “${last.event}” by `, users(last.by)) : 'none',
      }),
      element('h2', {}, 'Readers'),
      ...connections(readers, acts, leaving),
      element('h2', {}, 'Live'),
      tail.node(room),
    ];
  },

  async outbox(calls) {
    const state = await calls.get('api/admin/outbox');
    return [
      facts({ Waiting: state.waiting, Oldest: state.oldest && moment(state.oldest), Rejected: state.rejected }),
      table('Rejected events', [
        { head: 'Rejected', cell: (row) => moment(row.at) },
        { head: 'Room', cell: (row) => row.room, wide: true },
        { head: 'Event', cell: (row) => row.event },
        { head: 'By', cell: (row) => row.by },
        { head: 'Why', cell: (row) => row.reason, wide: true },
      ], state.latest, 'Nothing was rejected.'),
    ];
  },

  async bans(calls, filter, acts) {
    const { bans } = await calls.get('api/admin/bans');
    return [table('Bans', [
      { head: 'User', cell: (row) => users(row.user) },
      { head: 'Until', cell: (row) => moment(row.until) },
      { head: 'Reason', cell: (row) => row.reason, wide: true },
      { head: 'By', cell: (row) => row.by },
      { head: 'Act', cell: (row) => acts.lift(row.user) },
    ], bans, 'Nobody is banned.')];
  },

  async namespaces(calls) {
    const { namespaces } = await calls.get('api/admin/namespaces');
    return [table('Namespaces with settings of their own', [
      { head: 'Namespace', cell: (row) => row.namespace },
      { head: 'Bytes of an event at most', cell: (row) => row.dataLimit, number: true },
      { head: 'Members listed at most', cell: (row) => row.membersListLimit, number: true },
      { head: 'Slow readers skip events', cell: (row) => (row.conflate ? 'yes' : 'no') },
    ], namespaces, 'All have the defaults.')];
  },

  async audit(calls, filter) {
    const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    const { entries } = await calls.get(`api/admin/audit?${asked}`);
    return [table('What operators did', [
      { head: 'When', cell: (row) => moment(row.at) },
      { head: 'Who', cell: (row) => row.actor },
      { head: 'What', cell: (row) => row.action },
      { head: 'To', cell: (row) => row.subject },
      { head: 'Detail', cell: (row) => row.detail, wide: true },
    ], entries, 'Nothing yet.')];
  },
};

/** The filters of those views that have some. */
export const FILTERS = {
  connections: [
    { name: 'user', label: 'User' },
    { name: 'room', label: 'Room' },
    { name: 'behind', label: 'Only who is behind', toggle: true },
  ],
  rooms: [{ name: 'prefix', label: 'Name begins with' }],
  audit: [
    { name: 'actor', label: 'Who' },
    { name: 'subject', label: 'To' },
  ],
};
