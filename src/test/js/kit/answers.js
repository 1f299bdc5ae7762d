/** Whether the client may try again after this refusal. */
export const isRetryable = (code) => ['limit', 'rate', 'overloaded', 'storage', 'unknown'].includes(code);

export function json(value, status = 200) {
  return new Response(JSON.stringify(value), { status, headers: { 'Content-Type': 'application/json' } });
}

export function problem(status, code, { retryAfter } = {}) {
  const retryable = isRetryable(code);
  return new Response(JSON.stringify({ status, code, detail: code, retryable, retryAfter }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
}
