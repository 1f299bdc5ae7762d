/**
 * Lets cards be dragged with a mouse; the cards' buttons do the same for a keyboard and on a phone.
 *
 * @param {HTMLElement} board
 * @param {(id: string, column: string, place: number) => void} put
 */
export function enableDragging(board, put) {
  let dragged = null;
  board.addEventListener('dragstart', (started) => {
    dragged = started.target.closest?.('[data-id]');
    if (dragged) {
      started.dataTransfer.effectAllowed = 'move';
      started.dataTransfer.setData('text/plain', dragged.textContent);
    }
  });
  board.addEventListener('dragend', () => {
    dragged = null;
    mark(null);
  });
  board.addEventListener('dragover', (over) => {
    const column = over.target.closest('[data-column]');
    if (dragged && column) {
      over.preventDefault();
      mark(column);
    }
  });
  board.addEventListener('drop', (dropped) => {
    const column = dropped.target.closest('[data-column]');
    if (dragged && column) {
      dropped.preventDefault();
      const others = [...column.querySelectorAll('[data-id]')].filter((card) => card !== dragged);
      const below = others.findIndex((card) => {
        const box = card.getBoundingClientRect();
        return dropped.clientY < box.top + box.height / 2;
      });
      put(dragged.dataset.id, column.dataset.column, below < 0 ? others.length : below);
    }
  });

  function mark(column) {
    for (const other of board.querySelectorAll('[data-column]')) {
      other.classList.toggle('target', other === column);
    }
  }
}
