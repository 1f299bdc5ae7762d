/* Line charts over the last two minutes, one colour an instance, drawn on a canvas. */

/** How much time a chart shows, in ms. */
export const SPAN_MS = 120_000;

const TICK_MS = 30_000;
const LABELS = ['2 min ago', '', '1 min', '', 'now'];
const TICKS = 4;
const FONT_PX = 11;
const TOP = 8;
const BOTTOM = 20;
const RIGHT = 6;
const GAP = 8;

/** A colour of the style sheet, as it is under the current light or dark scheme. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * A chart of lines that share their scales. A point of the pointer shows the values next to it.
 */
class LineChart {
  lines = [];
  #look;
  #edge = Date.now();
  #pointer = null;
  #number;
  #colours;
  #font;

  constructor(canvas, look) {
    this.canvas = canvas;
    this.#look = look;
    this.#number = new Intl.NumberFormat('en', { maximumFractionDigits: look.digits });
    this.recolour();
    new ResizeObserver(() => this.draw(this.#edge)).observe(canvas.parentElement);
    canvas.addEventListener('pointermove', ({ offsetX }) => this.#pointTo(offsetX));
    canvas.addEventListener('pointerleave', () => this.#pointTo(null));
  }

  recolour() {
    this.#colours = { grid: colour('--grid'), quiet: colour('--quiet'), ink: colour('--ink'), card: colour('--card') };
    this.#font = `${FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
  }

  #pointTo(x) {
    this.#pointer = x;
    this.draw(this.#edge);
  }

  /** Draws everything up to this time at the right edge. */
  draw(edge) {
    this.#edge = edge;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0 || height === 0) {
      return;
    }
    const density = devicePixelRatio;
    this.canvas.width = Math.round(width * density);
    this.canvas.height = Math.round(height * density);
    const pen = this.canvas.getContext('2d');
    pen.scale(density, density);
    pen.font = this.#font;
    pen.textBaseline = 'middle';
    const { step, top } = this.#scale(edge);
    const texts = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => this.#number.format(i * step));
    const left = Math.max(...texts.map((text) => pen.measureText(text).width)) + GAP;
    const place = {
      left,
      right: width - RIGHT,
      bottom: height - BOTTOM,
      x: (time) => left + ((time - edge + SPAN_MS) / SPAN_MS) * (width - RIGHT - left),
      y: (value) => height - BOTTOM - (value / top) * (height - BOTTOM - TOP),
    };
    this.#grid(pen, place, texts, step, edge);
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, width - RIGHT - left, height);
    pen.clip();
    this.lines.forEach((line) => this.#line(pen, place, line));
    pen.restore();
    if (this.#pointer !== null) {
      this.#values(pen, place, edge);
    }
  }

  /** The step of the grid and its upper end: round numbers, and at most four steps. */
  #scale(edge) {
    let most = this.#look.least;
    for (const { points } of this.lines) {
      for (const { x, y } of points) {
        most = x >= edge - SPAN_MS && y > most ? y : most;
      }
    }
    const rough = most / TICKS;
    const power = 10 ** Math.floor(Math.log10(rough));
    const nice = [1, 2, 2.5, 5, 10].find((each) => each * power >= rough) * power;
    const step = this.#look.digits === 0 ? Math.max(1, Math.ceil(nice)) : nice;
    return { step, top: Math.ceil(most / step - 1e-9) * step };
  }

  #grid(pen, place, texts, step, edge) {
    pen.lineWidth = 1;
    pen.strokeStyle = this.#colours.grid;
    pen.fillStyle = this.#colours.quiet;
    pen.textAlign = 'right';
    pen.beginPath();
    texts.forEach((text, i) => {
      const y = Math.round(place.y(i * step)) + 0.5;
      pen.moveTo(place.left, y);
      pen.lineTo(place.right, y);
      pen.fillText(text, place.left - GAP, y);
    });
    LABELS.forEach((label, i) => {
      const x = Math.round(place.x(edge - SPAN_MS + i * TICK_MS)) + 0.5;
      pen.moveTo(x, TOP);
      pen.lineTo(x, place.bottom);
      pen.textAlign = i === 0 ? 'left' : i === LABELS.length - 1 ? 'right' : 'center';
      pen.fillText(label, x, place.bottom + BOTTOM / 2 + 2);
    });
    pen.stroke();
  }

  #line(pen, place, { points, index, thin }) {
    pen.strokeStyle = colour(`--c${index % 8}`);
    pen.globalAlpha = thin ? 0.5 : 1;
    pen.lineWidth = thin ? 1 : 2;
    pen.lineJoin = 'round';
    pen.beginPath();
    let gap = true;
    for (const { x, y } of points) {
      if (Number.isNaN(y)) {
        gap = true;
      } else if (gap) {
        pen.moveTo(place.x(x), place.y(y));
        gap = false;
      } else {
        pen.lineTo(place.x(x), place.y(y));
      }
    }
    pen.stroke();
    pen.globalAlpha = 1;
  }

  /** What each line has nearest to the pointer. */
  #values(pen, place, edge) {
    const time = edge - SPAN_MS + ((this.#pointer - place.left) / (place.right - place.left)) * SPAN_MS;
    const near = this.lines
      .map((line) => ({ line, point: line.points.reduce((best, point) => (!Number.isNaN(point.y) && Math.abs(point.x - time) < Math.abs((best?.x ?? Infinity) - time) ? point : best), null) }))
      .filter(({ point }) => point && point.x >= edge - SPAN_MS);
    if (near.length === 0) {
      return;
    }
    const rows = [new Date(near[0].point.x).toLocaleTimeString(), ...near.map(({ line, point }) => `${line.label}: ${this.#number.format(point.y)}`)];
    const width = Math.max(...rows.map((row) => pen.measureText(row).width)) + 2 * GAP;
    const height = rows.length * (FONT_PX + 5) + GAP;
    const at = place.x(near[0].point.x);
    const x = at + width + GAP > place.right ? Math.max(0, at - width - GAP) : at + GAP;
    pen.fillStyle = this.#colours.ink;
    pen.fillRect(x, TOP, width, height);
    pen.fillStyle = this.#colours.card;
    pen.textAlign = 'left';
    rows.forEach((row, i) => pen.fillText(row, x + GAP, TOP + GAP + 3 + i * (FONT_PX + 5)));
    for (const { line, point } of near) {
      pen.fillStyle = colour(`--c${line.index % 8}`);
      pen.beginPath();
      pen.arc(place.x(point.x), place.y(point.y), 3, 0, 2 * Math.PI);
      pen.fill();
    }
  }
}

/**
 * One chart.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{digits: number, least: number}} look digits after the point of values; the least upper
 *     end of the scale
 */
export function createChart(canvas, look) {
  return new LineChart(canvas, look);
}

/** Takes the colours of the current scheme; to be called again when it changes. */
export const recolour = (chart) => chart.recolour();

/** Adds the line (or both lines) of an instance. */
export function addLines(chart, name, index, series) {
  series.forEach(({ points, label, thin }) => {
    chart.lines.push({ label: label ? `${name}, ${label}` : name, index, thin, points });
  });
}

/** Takes the lines of an instance away. */
export function removeLines(chart, index) {
  chart.lines = chart.lines.filter((line) => line.index !== index);
}

/** Draws everything up to this time at the right edge, and tells who listens to the canvas. */
export function drawUntil(chart, edge) {
  chart.draw(edge);
  chart.canvas.dispatchEvent(new Event('drawn', { bubbles: true }));
}
