// Curves by uPlot (https://github.com/leeoniya/uPlot), in the page's colours, redrawn when these change.
import uPlot from '../webjars/uplot/dist/uPlot.esm.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** An exponential moving average, corrected for its start (Kingma & Ba, Adam, section 3); gaps stay gaps. */
export function smooth(values, weight) {
  if (weight === 0) return values;
  let sum = 0;
  let scale = 0;
  return values.map(value => {
    if (value === null || value === undefined) return value;
    sum = weight * sum + (1 - weight) * value;
    scale = weight * scale + (1 - weight);
    return sum / scale;
  });
}

const digits = value => value === null || value === undefined ? '–' : Number(value.toPrecision(4)).toString();

/** One chart in an element. `series`: [{label, stroke: a colour's variable, dash?, width?, show?}], drawn against epochs. */
export class Plot {
  constructor(element, { percent = false, sync = null } = {}) {
    this.element = element;
    this.percent = percent;
    this.sync = sync;
    this.log = false;
    this.data = null;
    new ResizeObserver(() => this.plot?.setSize(this.size())).observe(element);
    dark.addEventListener('change', () => this.rebuild());
  }

  size() {
    const low = this.element.classList.contains('low');
    return { width: Math.max(200, this.element.clientWidth), height: low ? 130 : 240 };
  }

  /** Draws; where only the data have changed the chart stays and so does what was zoomed to. */
  draw(series, data) {
    const shape = JSON.stringify(series);
    this.data = data;
    if (this.plot && shape === this.shape) {
      this.plot.setData(data);
      return;
    }
    this.shape = shape;
    this.series = series;
    this.rebuild();
  }

  logarithmic(on) {
    this.log = on;
    this.rebuild();
  }

  rebuild() {
    if (!this.data) return;
    this.plot?.destroy();
    const axis = { stroke: colour('--axis'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { stroke: colour('--grid'), width: 1 }, font: '11px system-ui, sans-serif' };
    const show = value => value === null || value === undefined ? '–' : this.percent ? (100 * value).toFixed(2) + '%' : digits(value);
    this.plot = new uPlot({
      ...this.size(),
      cursor: { sync: this.sync ? { key: this.sync } : undefined, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { distr: this.log ? 3 : 1 } },
      axes: [
        { ...axis, size: 30, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] },
        { ...axis, size: 58, values: (plot, ticks) => ticks.map(tick => tick === null ? '' : this.percent ? Number((100 * tick).toPrecision(4)) + '%' : digits(tick)) },
      ],
      series: [
        { label: 'epoch', value: (plot, value) => value ?? '–' },
        ...this.series.map(one => ({
          label: one.label,
          stroke: colour(one.stroke),
          width: one.width ?? 2,
          dash: one.dash,
          spanGaps: false,
          points: { show: this.data[0].length < 40, size: 5 },
          value: (plot, value) => show(value),
        })),
      ],
    }, this.data, this.element);
  }
}
