import { Carillon } from 'carillon-client';
import { newKey } from './shared-world.js';

const HEARTBEAT_MS = 20_000;
/* How a WebSocket is closed that may come back at once, and one that is to stay away. */
const MOVED = 1012;
const FAILED = 4500;

/** Holds the connection, and is the server of all tabs, its own among them. */
export class Hub {
  #id = newKey();
  #carillon;
  #main;
  #world;
  #release;
  /** What each tab has here, by the tab. */
  #seats = new Map();

  /**
   * @param {object} world url and options of the client, the name of the channel between tabs, how
   *     to open one, and the locks
   * @param {() => void} release gives the lock back
   */
  constructor(world, release) {
    const { url, options, id, open } = world;
    this.#world = world;
    this.#release = release;
    this.#main = open(id, (message) => this.#told(message));
    this.#carillon = new Carillon(url, options);
    this.#carillon.on('status', () => this.#changed());
    this.#carillon.on('error', (error) => {
      this.#seats.forEach((seat) => seat.send(failure(error)));
    });
    this.#changed();
  }

  close() {
    this.#seats.forEach((seat) => this.#drop(seat, MOVED, 'moved'));
    this.#carillon.close();
    this.#main.close();
    this.#release();
  }

  #told(message) {
    switch (message.type) {
      case 'who':
        return this.#tell();
      case 'connect':
        return this.#carillon.connect();
      case 'open':
        return this.#open(message);
    }
  }

  #tell() {
    this.#main.postMessage({ type: 'status', hub: this.#id, status: this.#carillon.status });
  }

  /** Without a connection there is nothing to serve: each tab keeps what it has until there is one. */
  #changed() {
    const { state, reason } = this.#carillon.status;
    if (state !== 'live') {
      const code = state === 'failed' ? FAILED : MOVED;
      this.#seats.forEach((seat) => this.#drop(seat, code, reason));
    }
    this.#tell();
  }

  #open({ tab, link }) {
    const known = this.#seats.get(tab);
    const { state, reason } = this.#carillon.status;
    if (known?.link === link) {
      return;
    }
    if (known) {
      this.#drop(known, MOVED, 'again');
    }
    const { id, open, locks } = this.#world;
    const post = (message) => channel.postMessage({ hub: this.#id, link, ...message });
    const channel = open(`${id} ${tab}`, (message) => {
      if (message.hub === this.#id && !seat.over) {
        this.#heard(seat, message);
      }
    });
    let out = [];
    const seat = {
      tab,
      link,
      channel,
      over: false,
      rooms: new Map(),
      post,
      gone: new AbortController(),
      /** What comes in one turn goes in one message. */
      send(frame) {
        if (!out.length) {
          queueMicrotask(() => {
            const frames = out.splice(0);
            if (!seat.over) {
              post({ type: 'frames', frames });
            }
          });
        }
        out.push(frame);
      },
    };
    this.#seats.set(tab, seat);
    if (state === 'live') {
      const { user, connection } = this.#carillon;
      const protocol = 'carillon.v1';
      seat.send({ type: 'welcome', protocol, connection, user, heartbeat: HEARTBEAT_MS });
      // A tab holds this lock while it lives.
      locks
        .request(`${id} ${tab}`, { signal: seat.gone.signal }, () => this.#drop(seat))
        .catch(() => {});
    } else if (state === 'failed') {
      this.#drop(seat, FAILED, reason);
    } else {
      this.#drop(seat);
      this.#tell();
    }
  }

  /** @param code tells the tab so, which is there to hear it */
  #drop(seat, code, reason) {
    if (!seat.over) {
      seat.over = true;
      this.#seats.delete(seat.tab);
      seat.gone.abort();
      seat.rooms.forEach((room) => room.leave());
      if (code) {
        seat.post({ type: 'closed', code, reason });
      }
      seat.channel.close();
    }
  }

  #heard(seat, { type, text, id, frame }) {
    if (type === 'close') {
      this.#drop(seat);
    } else if (type === 'call') {
      const answer = (told) => seat.over || seat.post({ type: 'answer', id, frame: told });
      this.#asked(seat, frame, answer);
    } else if (type === 'frames') {
      for (const one of [JSON.parse(text)].flat()) {
        const { ref } = one;
        const answer = (told) => ref === undefined || seat.over || seat.send({ ...told, ref });
        this.#asked(seat, one, answer);
      }
    }
  }

  /** Does what a tab asks the server for. */
  #asked(seat, { type, room: name, ...frame }, answer) {
    const done = (promise) =>
      promise.then(
        (fields) => answer({ ...fields, type: 'ok' }),
        (error) => answer(failure(error)),
      );
    const room = seat.rooms.get(name);
    // It is not joined, and so has no handlers that anything could be told to.
    const any = () => this.#carillon.room(name);
    switch (type) {
      case 'ping':
        return seat.send({ type: 'pong' });
      case 'join':
        return this.#join(seat, name, frame, answer);
      case 'leave':
        seat.rooms.delete(name);
        room?.leave();
        return answer({ type: 'ok' });
      case 'publish':
        return done(any().publish(frame.name, frame.data, { key: frame.key, meta: frame.meta }));
      case 'history':
        return done(any().page(frame));
      case 'members':
        return done(any().members(frame));
      case 'signal':
        this.#relay(seat, name, frame);
        return done(any().signal(frame.name, frame.data, { to: frame.to }));
      case 'track':
        return done(room ? room.presence.track(frame.state) : Promise.reject(NOT_JOINED));
      case 'untrack':
        return done(room ? room.presence.untrack() : Promise.resolve());
    }
  }

  /** Nobody hears their own signals, but another tab is somebody else. */
  #relay(from, room, { name, data, to }) {
    const { user: by, connection } = this.#carillon;
    this.#seats.forEach((seat) => {
      if (seat !== from && seat.rooms.has(room) && (!to || to === by)) {
        seat.send({ type: 'signal', room, name, data, by, from: connection });
      }
    });
  }

  #join(seat, name, { after, last, presence }, answer) {
    const before = seat.rooms.get(name);
    const room = this.#carillon.room(name, after ? { after } : { last });
    let answered = false;
    let listed = false;
    seat.rooms.set(name, room);
    room.on('joined', (joined) => {
      if (!answered) {
        answered = true;
        answer({ ...joined, type: 'ok' });
      }
    });
    room.on('error', (error) => {
      if (!answered) {
        answered = true;
        seat.rooms.delete(name);
        room.leave();
        answer(failure(error));
      } else if (!error.retryable) {
        // It may be read no more: the tab is told when it asks again.
        this.#drop(seat, MOVED, error.code);
      }
    });
    for (const [heard, type] of [['resync', 'resync'], ['message', 'event'], ['signal', 'signal']]) {
      room.on(heard, (frame) => seat.send({ ...frame, type }));
    }
    if (presence) {
      room.presence.on('change', ({ members, count, ...diff }) => {
        const isList = members.length > 0 || count === 0;
        seat.send(
          listed && isList
            ? { type: 'presence', room: name, count, ...diff }
            : { type: 'members', room: name, count, ...(isList && { members }) },
        );
        listed = isList;
      });
    }
    if (presence?.state) {
      void room.presence.track(presence.state);
    }
    before?.leave();
  }
}

const NOT_JOINED = { code: 'not_joined', message: 'Not joined.', retryable: false };

const failure = ({ code, message, retryable, retryAfter, status }) => ({
  type: 'error',
  code,
  message,
  retryable,
  ...(retryAfter && { retryAfter }),
  ...(status && { status }),
});
