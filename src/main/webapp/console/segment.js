/**
 * A user's name as a segment of a path. Slashes are refused there also when they are encoded, and dots would be resolved:
 * such names go as a tilde and base64url, and so do those that begin with a tilde.
 */
export function userSegment(user) {
  if (!/[/\\]|^~|^\.\.?$/.test(user)) {
    return encodeURIComponent(user);
  }
  const bytes = new TextEncoder().encode(user);
  return `~${btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}
