/**
 * Reads `text/event-stream` as it comes in pieces.
 * @param {(type: string, data: string) => void} take
 * @returns {(text: string) => void}
 */
export function parser(take) {
  let rest = '';
  let type = '';
  /** @type {string[]} */
  let data = [];
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (!line) {
        if (data.length) {
          take(type, data.join('\n'));
        }
        type = '';
        data = [];
      } else if (field === 'event') {
        type = value;
      } else if (field === 'data') {
        data.push(value);
      }
    }
  };
}
