/* Line charts over the last two minutes, one colour an instance. Chart.js is a classic script. */

/** How much time a chart shows, in ms. */
export const SPAN_MS = 120_000;

const TICK_MS = 30_000;
const LABELS = ['2 min ago', '', '1 min', '', 'now'];

/** A colour of the style sheet, as it is under the current light or dark scheme. */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The colour of the instance with this index. */
function instanceColour(index) {
  return colour(`--c${index % 8}`);
}

/**
 * One chart.
 * @param {HTMLCanvasElement} canvas
 * @param {{digits: number, least: number, thin: boolean}} look digits after the point in the
 *     tooltip; the least upper end of the scale; whether each instance has a second, thin line
 */
export function createChart(canvas, look) {
  const number = new Intl.NumberFormat('en', { maximumFractionDigits: look.digits });
  const chart = new globalThis.Chart(canvas, {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      interaction: { mode: 'x', intersect: false },
      layout: { padding: { top: 6, right: 4 } },
      elements: { point: { radius: 0, hitRadius: 6, hoverRadius: 3 }, line: { borderJoinStyle: 'round' } },
      plugins: {
        legend: { display: false },
        tooltip: {
          displayColors: true,
          boxWidth: 8,
          boxHeight: 8,
          filter: (item, index, items) =>
            items.findIndex((other) => other.datasetIndex === item.datasetIndex) === index,
          callbacks: {
            title: (items) =>
              items.length ? new Date(items[0].parsed.x).toLocaleTimeString() : '',
            label: (item) => `${item.dataset.label}: ${number.format(item.parsed.y)}`,
          },
        },
      },
      scales: {
        x: {
          type: 'linear',
          border: { display: false },
          grid: { drawTicks: false },
          ticks: {
            autoSkip: false,
            maxRotation: 0,
            align: 'inner',
            padding: 6,
            font: { size: 11 },
            callback: (value, index) => LABELS[index],
          },
          afterBuildTicks: (axis) => {
            axis.ticks = LABELS.map((label, i) => ({
              value: axis.max - SPAN_MS + i * TICK_MS,
            }));
          },
        },
        y: {
          beginAtZero: true,
          suggestedMax: look.least,
          border: { display: false },
          grid: { drawTicks: false },
          ticks: {
            maxTicksLimit: 4,
            padding: 8,
            font: { size: 11 },
            precision: look.digits === 0 ? 0 : undefined,
          },
        },
      },
    },
  });
  recolour(chart);
  // Until the first figures come the axis is that of now.
  drawUntil(chart, Date.now());
  return chart;
}

/** Takes the colours of the current scheme; to be called again when it changes. */
export function recolour(chart) {
  const { x, y } = chart.options.scales;
  for (const scale of [x, y]) {
    scale.grid.color = colour('--grid');
    scale.ticks.color = colour('--quiet');
  }
  chart.options.font = { family: getComputedStyle(document.body).fontFamily };
  const tooltip = chart.options.plugins.tooltip;
  tooltip.backgroundColor = colour('--ink');
  tooltip.titleColor = colour('--card');
  tooltip.bodyColor = colour('--card');
  for (const dataset of chart.data.datasets) {
    paint(dataset);
  }
}

function paint(dataset) {
  const line = instanceColour(dataset.instance);
  dataset.borderColor = dataset.thin ? `${line}80` : line;
  dataset.backgroundColor = line;
}

/** Adds the line (or both lines) of an instance. */
export function addLines(chart, name, index, series) {
  series.forEach(({ points, label, thin }) => {
    const dataset = {
      label: label ? `${name}, ${label}` : name,
      instance: index,
      thin,
      data: points,
      borderWidth: thin ? 1 : 2,
    };
    paint(dataset);
    chart.data.datasets.push(dataset);
  });
}

/** Draws everything up to this time at the right edge. */
export function drawUntil(chart, edge) {
  chart.options.scales.x.min = edge - SPAN_MS;
  chart.options.scales.x.max = edge;
  chart.update('none');
}
