/** A stream of server-sent events over some rooms. @returns {Promise<Response>} */
export async function openStream(server, rooms, query, signal, user, hold) {
  if (server.streams === 'refuse') {
    throw new TypeError('blocked');
  }
  if (server.streams === 'error') {
    return new Response('<html>', { status: 502 });
  }
  if (server.streams === 'buffer') {
    return new Promise(() => {});
  }
  const encoder = new TextEncoder();
  const pipe = server.pipe();
  let out;
  const body = new ReadableStream({ start: (controller) => (out = controller) });
  const after = query.get('after')?.split(',');
  const position = new Map();
  const told = new Set();
  const write = (text) => {
    if (server.links.has(link) && !link.stalled) {
      pipe(() => {
        try {
          out.enqueue(encoder.encode(text));
        } catch {
          // The reader has gone.
        }
      });
    }
  };
  const frame = (name, value, id) =>
    write(`event: ${name}\ndata: ${JSON.stringify(value)}\n${id ? `id: ${id}\n` : ''}\n`);
  const link = {
    kind: 'sse',
    rooms,
    user,
    presence: query.get('presence') === 'true',
    look: (room) => {
      if (!position.has(room) || link.stalled) {
        return;
      }
      const log = server.log(room);
      const refusal = log.refuses(position.get(room));
      if (refusal && !told.has(refusal.head)) {
        told.add(refusal.head);
        position.set(room, log.head);
        return frame('carillon:resync', refusal, log.head);
      }
      for (const event of log.after(position.get(room))) {
        position.set(room, log.at(event.seq));
        for (let i = server.copies(event, link); i > 0; i--) {
          frame(event.name, event, log.at(event.seq));
        }
      }
    },
    push: ({ type, ...value }) => {
      const wanted = type === 'presence' ? link.presence : !value.room || rooms.includes(value.room);
      if (wanted) {
        frame(`carillon:${type}`, value);
      }
    },
    goodbye: (reason, reconnectIn) => {
      frame('carillon:goodbye', { reason, reconnectIn });
      pipe(() => link.end());
    },
    end: () => {
      gone();
      try {
        out.close();
      } catch {
        // It was gone.
      }
    },
    cut: () => {
      gone();
      try {
        out.error(new TypeError('cut'));
      } catch {
        // It was gone.
      }
    },
  };
  server.links.add(link);
  const release = hold && hold(() => server.links.has(link));
  const gone = () => server.links.delete(link) && release && release();
  signal?.addEventListener('abort', () => link.cut());
  const joined = {};
  rooms.forEach((room, i) => {
    const log = server.log(room);
    position.set(room, after?.[i] ?? log.head);
    joined[room] = { cursor: position.get(room), head: log.head, recovered: !!after && !log.refuses(after[i]) };
  });
  write('retry: 1000\n');
  frame('carillon:joined', { rooms: joined }, [...position.values()].join());
  if (link.presence) {
    rooms.forEach((room) =>
      frame('carillon:members', { room, count: server.list(room).length, members: server.list(room) }),
    );
  }
  rooms.forEach(link.look);
  const comment = () => {
    if (server.links.has(link)) {
      write(':\n\n');
      server.clock.setTimeout(comment, 15_000);
    }
  };
  server.clock.setTimeout(comment, 15_000);
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}
