/*
 * The board as a function of its room: everybody who applies the same events in the same order has
 * the same board, whatever they did while they were offline. Nothing that somebody wrote is lost:
 *
 * - a text that was changed over another that its writer had not seen keeps that one beside it, for
 *   a person to choose;
 * - a card that somebody removed while somebody else wrote on it comes back with what was written;
 * - a card that is moved up or down stays in the column to which somebody else moved it;
 * - moves and removals that come too late for anything change nothing.
 */

export const COLUMNS = ['todo', 'doing', 'done'];
const LONGEST = 200;

/** @returns {{cards: Record<string, object>, removed: Record<string, object>}} */
export const emptyBoard = () => ({ cards: {}, removed: {} });

const isText = (text) => typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST;

const CHANGES = {
  'card.added'(board, { id, text, column, order }, by) {
    if (typeof id !== 'string' || !isText(text) || board.cards[id] || board.removed[id]) {
      return board;
    }
    return withCard(board, { id, text, by, column: COLUMNS.includes(column) ? column : COLUMNS[0], order: Number(order) || 0 });
  },

  'card.written'(board, { id, text, was }, by) {
    const card = board.cards[id] ?? board.removed[id];
    if (!card || !isText(text)) {
      return board;
    }
    const unseen = card.text !== was && card.text !== text;
    const other = unseen ? { text: card.text, by: card.by } : undefined;
    const { [id]: _, ...removed } = board.removed;
    return withCard({ ...board, removed }, { ...card, text, by, other, removedBy: undefined });
  },

  'card.settled'(board, { id }) {
    const card = board.cards[id];
    return card?.other ? withCard(board, { ...card, other: undefined }) : board;
  },

  'card.moved'(board, { id, column, order }) {
    const card = board.cards[id];
    const to = column ?? card?.column;
    if (!card || !COLUMNS.includes(to) || !Number.isFinite(order)) {
      return board;
    }
    return withCard(board, { ...card, column: to, order });
  },

  'card.removed'(board, { id }, by) {
    const { [id]: card, ...cards } = board.cards;
    return card ? { cards, removed: { ...board.removed, [id]: { ...card, removedBy: by } } } : board;
  },
};

const withCard = (board, card) => ({ ...board, cards: { ...board.cards, [card.id]: card } });

/** The board after an event; what it does not know changes nothing. */
export function boardAfter(board, { name, data, by }) {
  const change = Object.hasOwn(CHANGES, name) && data !== null && typeof data === 'object';
  return change ? CHANGES[name](board, data, by) : board;
}

/** The cards of a column from top to bottom; the same for everybody also if two have one order. */
export const cardsOf = (board, column) =>
  Object.values(board.cards)
    .filter((card) => card.column === column)
    .sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1));

/** The order of a card that comes to stand at this place among the cards of a column. */
export function orderAt(cards, place) {
  const above = cards[place - 1]?.order;
  const below = cards[place]?.order;
  if (above === undefined) {
    return below === undefined ? 0 : below - 1;
  }
  return below === undefined ? above + 1 : (above + below) / 2;
}
