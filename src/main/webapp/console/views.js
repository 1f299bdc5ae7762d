import { element } from '../page/dom.js';
import { PEOPLE, silent, users } from './people.js';
import { facts, moment, table, to } from './table.js';

/**
 * The views of the console: each loads what it shows and gives the nodes. It gets the desk (the
 * calls, and what makes buttons, tails and forms) and what it is about: its filters or its subject.
 */
export const VIEWS = {
  async alerts({ calls }) {
    const answer = await calls.get('api/admin/alerts');
    return [silent(answer), table('Alerts that are on', [
      { head: 'Since', cell: (row) => moment(row.since) },
      { head: 'Instance', cell: (row) => row.instance },
      { head: 'What is the matter', cell: (row) => element('span', { className: 'bad' }, row.text), wide: true },
      { head: 'Code', cell: (row) => element('code', {}, row.code) },
    ], answer.alerts, 'None. All is well.')];
  },

  async instances({ calls }) {
    const { instances } = await calls.get('api/admin/instances');
    const known = (row, name) => row.figures?.[name] ?? '–';
    return [table('Instances', [
      { head: 'Instance', cell: (row) => row.name },
      { head: 'Since', cell: (row) => moment(row.started) },
      { head: 'State', cell: (row) => (row.draining ? 'drains' : row.figures ? 'serves' : element('span', { className: 'bad' }, 'does not answer')) },
      { head: 'Moves the outbox', cell: (row) => (row.relay ? 'yes' : '') },
      { head: 'Hears notifications', cell: (row) => (row.figures ? (row.figures.listening ? 'yes' : element('span', { className: 'bad' }, 'no')) : '–') },
      { head: 'Connections', cell: (row) => known(row, 'connections'), number: true },
      { head: 'Opened/s', cell: (row) => known(row, 'opened'), number: true },
      { head: 'Published/s', cell: (row) => known(row, 'published'), number: true },
      { head: 'Delivered/s', cell: (row) => known(row, 'delivered'), number: true },
      { head: 'Rooms read', cell: (row) => known(row, 'rooms'), number: true },
      { head: 'Bytes waiting', cell: (row) => known(row, 'waiting'), number: true },
      { head: 'Version', cell: (row) => row.version },
    ], instances, 'None.')];
  },

  ...PEOPLE,

  async rooms({ calls }, filter) {
    const prefix = encodeURIComponent(filter.prefix ?? '');
    const [busy, { rooms }] = await Promise.all([
      calls.get(`api/admin/rooms?prefix=${prefix}&limit=1000`),
      calls.get(`api/rooms?prefix=${prefix}`),
    ]);
    const known = new Set(busy.rooms.map(({ room }) => room));
    const others = rooms.filter((room) => !known.has(room)).map((room) => ({ room, readers: 0, minute: 0 }));
    return [silent(busy), table('Rooms that are read, have members or had events', [
      { head: 'Room', cell: ({ room }) => to('room', room) },
      { head: 'Readers', cell: ({ readers }) => readers, number: true },
      { head: 'Events in the last minute', cell: ({ minute }) => minute, number: true },
    ], [...busy.rooms, ...others], 'None.')];
  },

  async limits({ calls }, filter) {
    const asked = new URLSearchParams(Object.entries(filter).filter(([, value]) => value));
    const answer = await calls.get(`api/admin/limits?${asked}`);
    return [silent(answer), table('Limits that were hit', [
      { head: 'Last', cell: (row) => moment(row.at) },
      { head: 'Limit', cell: (row) => element('code', {}, row.limit) },
      { head: 'User', cell: (row) => users(row.user) },
      { head: 'Address', cell: (row) => row.address },
      { head: 'Times', cell: (row) => row.count, number: true },
      { head: 'First', cell: (row) => moment(row.since) },
      { head: 'Instance', cell: (row) => row.instance },
    ], answer.limits, 'None was hit.')];
  },

  async outbox({ calls }) {
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

  async bans({ calls, acts }) {
    const { bans } = await calls.get('api/admin/bans');
    return [table('Bans', [
      { head: 'User', cell: (row) => users(row.user) },
      { head: 'Until', cell: (row) => moment(row.until) },
      { head: 'Reason', cell: (row) => row.reason, wide: true },
      { head: 'By', cell: (row) => row.by },
      { head: 'Act', cell: (row) => acts.lift(row.user) },
    ], bans, 'Nobody is banned.')];
  },

  async namespaces({ calls, namespaces }) {
    const stored = await calls.get('api/admin/namespaces');
    const rows = namespaces.with(stored.namespaces);
    return [
      table('Namespaces with settings of their own', [
        { head: 'Namespace', cell: (row) => row.namespace },
        { head: 'Bytes of an event at most', cell: (row) => row.dataLimit, number: true },
        { head: 'Members listed at most', cell: (row) => row.membersListLimit, number: true },
        { head: 'Slow readers skip events', cell: (row) => (row.conflate ? 'yes' : 'no') },
        { head: 'Act', cell: (row) => namespaces.button('Change …', row) },
      ], rows, 'All have the defaults.', (row) => row.saving),
      namespaces.button('Another namespace …'),
    ];
  },

  async audit({ calls }, filter) {
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
  limits: [{ name: 'user', label: 'User' }],
  audit: [
    { name: 'actor', label: 'Who' },
    { name: 'subject', label: 'To' },
  ],
};
