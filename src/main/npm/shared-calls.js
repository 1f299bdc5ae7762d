const ASKED = {
  GET: { events: 'history', members: 'members' },
  POST: { events: 'publish', signals: 'signal' },
};

/** A call of the client as the frame that asks the same; undefined: it is none of those. */
export function asFrame(address, { method, body, headers }) {
  const { pathname, searchParams } = new URL(address);
  const [, room, what] = /\/api\/rooms\/([^/]+)\/(\w+)$/.exec(pathname) ?? [];
  const type = ASKED[method]?.[what];
  return (
    type && {
      ...(body ? JSON.parse(body) : Object.fromEntries(searchParams)),
      type,
      room: decodeURIComponent(room),
      key: headers['Idempotency-Key']?.slice(1, -1).replace(/\\(.)/g, '$1'),
    }
  );
}

/** The answer to such a frame as the client knows it of a server. */
export function asResponse({ type, ...fields }) {
  if (type === 'ok') {
    return new Response(JSON.stringify(fields));
  }
  const { code, message: detail, retryable, retryAfter } = fields;
  const { status = retryable ? 503 : 400 } = fields;
  return new Response(JSON.stringify({ code, detail, retryable, retryAfter }), { status });
}
