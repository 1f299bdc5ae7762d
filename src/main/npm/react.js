/**
 * Hooks for React 18 and later. Whatever a component opens is opened in an effect and given back by
 * its clean-up, so StrictMode may run both as often as it likes; on a server nothing is opened, and
 * what is rendered there is the beginning. Rooms are counted by the client: components share one
 * join, each with its own beginning.
 */
import { CarillonError } from 'carillon-client';
import {
  createContext,
  createElement,
  useCallback,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';

const Client = createContext(null);
const CONNECTING = { state: 'connecting' };
const EMPTY = { events: [], joined: false };
const NOBODY = { members: [], count: 0 };

/** Gives a client to all below: one that there is, or one that lives as long as this is mounted. */
export function CarillonProvider({ client, create, children }) {
  const [made, setMade] = useState(null);
  const make = useLatest(create);
  const makes = !client && !!create;
  useEffect(() => {
    if (!makes) {
      return undefined;
    }
    const own = make.current();
    setMade(own);
    return () => {
      setMade(null);
      own.close();
    };
  }, [makes]);
  return createElement(Client.Provider, { value: client ?? made }, children);
}

/** The client; null on a server, and until the provider has made it. */
export function useCarillon() {
  return useContext(Client);
}

/** How the client is connected. */
export function useStatus() {
  const client = useCarillon();
  const { status } = useOpened([client], { status: CONNECTING }, (set) => {
    const show = () => set({ status: client.status });
    show();
    return client.on('status', show);
  });
  return status;
}

/** A room: its latest events, and what may be said in it. */
export function useRoom(name, { last, after, keep = 200, onEvent } = {}) {
  const client = useCarillon();
  const room = useRef(null);
  const told = useLatest(onEvent);
  const value = useOpened([client, name, last, after, keep], EMPTY, (set) => {
    const own = (room.current = client.room(name, { last, after }));
    let events = [];
    own.on('message', (event) => {
      events = [...events, event].slice(-keep);
      set({ events });
      told.current?.(event);
    });
    // What follows may lie behind a hole: it begins a list of its own.
    own.on('resync', (resync) => set({ events: (events = []), resync }));
    own.on('joined', () => set({ joined: true, error: undefined }));
    own.on('error', (error) => set({ error }));
    return () => {
      room.current = null;
      own.leave();
    };
  });
  return {
    ...value,
    publish: useCall(room, 'publish'),
    signal: useCall(room, 'signal'),
    page: useCall(room, 'page'),
  };
}

/** Who is in a room; with a state we are there, too. */
export function usePresence(name, state) {
  const client = useCarillon();
  const room = useRef(null);
  const tracked = useRef(null);
  const said = state && JSON.stringify(state);
  const value = useOpened([client, name], NOBODY, (set) => {
    const own = (room.current = client.room(name));
    own.presence.on('change', ({ members, count }) => set({ members, count, error: undefined }));
    own.on('error', (error) => set({ error }));
    return () => {
      room.current = null;
      own.leave();
    };
  });
  useEffect(() => {
    const own = room.current;
    if (own && said) {
      tracked.current = own;
      own.presence.track(JSON.parse(said)).catch(() => {});
    } else if (own && tracked.current === own) {
      tracked.current = null;
      own.presence.untrack().catch(() => {});
    }
  }, [client, name, said]);
  return value;
}

/** A state that shows our changes at once; see `room.optimistic`. */
export function useOptimistic(name, options) {
  const client = useCarillon();
  const open = useRef(null);
  const latest = useLatest(options);
  const { state } = options;
  const initial = { state, confirmed: state, pending: [], ready: false };
  const value = useOpened([client, name], initial, (set) => {
    const { state: beginning, cursor, load } = latest.current;
    const room = client.room(name);
    const own = room.optimistic({
      state: beginning,
      cursor,
      load: load && (() => latest.current.load()),
      apply: (...given) => latest.current.apply(...given),
      conflict: (...given) => latest.current.conflict?.(...given),
    });
    open.current = own;
    const show = () =>
      set({ state: own.state, confirmed: own.confirmed, pending: own.pending });
    own.on('change', show);
    own.on('resync', (resync) => set({ resync }));
    own.on('error', (error) => set({ error }));
    room.on('error', (error) => set({ error }));
    own.ready.then(
      () => set({ ready: true }),
      (error) => set({ error }),
    );
    return () => {
      open.current = null;
      own.stop();
      room.leave();
    };
  });
  return { ...value, publish: useCall(open, 'publish') };
}

/** The value that is newest when it is asked for, so that a new function opens nothing anew. */
function useLatest(value) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}

/**
 * What was opened for these values (a client, a name, and what else it depends on), as it said
 * last: nothing of what was opened for others is ever seen.
 */
function useOpened(values, initial, open) {
  const [held, hold] = useState({ values: [], value: initial });
  useEffect(() => {
    if (values.slice(0, 2).some((value) => !value)) {
      return undefined;
    }
    let value = initial;
    let over = false;
    const set = (change) => {
      if (!over) {
        value = { ...value, ...change };
        hold({ values, value });
      }
    };
    set({});
    const close = open(set);
    return () => {
      over = true;
      close();
    };
  }, values);
  const same =
    held.values.length === values.length &&
    values.every((value, i) => Object.is(value, held.values[i]));
  return same ? held.value : initial;
}

/** A function that stays the same, and calls what is open then. */
function useCall(opened, method) {
  return useCallback(
    async (...given) => {
      if (!opened.current) {
        throw new CarillonError('left');
      }
      return opened.current[method](...given);
    },
    [opened, method],
  );
}
