// A job's curves, drawn while it runs.
import { follow } from './live.js';
import { Epochs, title } from './metrics.js';
import { Plot, smooth } from './plot.js';

const section = document.getElementById('curves');
if (section) start(section.dataset.job, new Epochs(section.dataset.metrics));

function start(job, epochs) {
  const plots = new Map();
  let weight = 0;

  function plot(curve, options) {
    if (!plots.has(curve)) {
      plots.set(curve, new Plot(section.querySelector(`[data-curve=${curve}]`), { sync: 'epochs', ...options }));
    }
    return plots.get(curve);
  }

  function drawPair(curve, name, options) {
    plot(curve, options).draw(
      [{ label: 'training', stroke: '--curve-train', dash: [6, 4] }, { label: 'validation', stroke: '--curve-val' }],
      [epochs.column('epoch'), smooth(epochs.column('train_' + name), weight), smooth(epochs.column('val_' + name), weight)]);
  }

  function drawOne(curve, label) {
    plot(curve).draw([{ label, stroke: '--curve-val' }], [epochs.column('epoch'), epochs.column(curve)]);
  }

  function draw() {
    const count = epochs.list.length;
    section.dataset.epochs = count;
    document.getElementById('no-curves').hidden = count > 0;
    section.querySelector('.curves').hidden = count === 0;
    if (count === 0) return;
    drawPair('loss', 'loss');
    const metric = epochs.metric();
    if (metric) {
      section.querySelector('[data-metric-title]').textContent = title(metric);
      drawPair('metric', metric, { percent: metric === 'accuracy' });
    }
    drawOne('learning_rate', 'learning rate');
    drawOne('rows_per_second', 'rows a second');
  }

  const update = () => epochs.update().then(draw);

  document.getElementById('log-scale').addEventListener('change', event => plots.get('loss')?.logarithmic(event.target.checked));
  document.getElementById('smoothing').addEventListener('input', event => {
    weight = Number(event.target.value);
    draw();
  });
  const table = section.querySelector('details');
  table.addEventListener('toggle', () => table.open && table.dispatchEvent(new CustomEvent('opened')));
  document.addEventListener('job-changed-' + job, update);
  follow(job);
  update();
}
