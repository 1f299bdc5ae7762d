/**
 * The name of a room that stands in the address after `#`. An address that names none leads to the
 * fallback, and says so itself from then on.
 *
 * @param {string} fallback
 */
export function roomInAddress(fallback) {
  const asked = location.hash.slice(1);
  if (/^[A-Za-z0-9_.-]{1,40}$/.test(asked)) {
    return asked;
  }
  if (asked !== '') {
    history.replaceState(history.state, '', `#${fallback}`);
  }
  return fallback;
}
