// A job's curves, drawn while it runs: each change of the job has the epochs fetched that are not drawn yet.
import { follow } from './live.js';
import { Plot, smooth } from './plot.js';

const section = document.getElementById('curves');
if (section) start(section.dataset.job, section.dataset.metrics);

function start(job, address) {
  const epochs = [];
  const plots = Object.fromEntries([...section.querySelectorAll('[data-curve]')]
    .map(element => [element.dataset.curve, element]));
  let loss, metric, rate, speed;
  let weight = 0;
  let running = false;
  let again = false;

  const column = name => epochs.map(epoch => epoch[name] ?? null);

  /** The metric beside the loss: the accuracy where there is one, else the first that the job asked for. */
  function metricName() {
    const names = Object.keys(epochs[0]).filter(name => name.startsWith('val_') && name !== 'val_loss');
    return names.includes('val_accuracy') ? 'accuracy' : names[0]?.slice('val_'.length);
  }

  function pair(name) {
    return [
      [{ label: 'training', stroke: '--curve-train', dash: [6, 4] }, { label: 'validation', stroke: '--curve-val' }],
      [column('epoch'), smooth(column('train_' + name), weight), smooth(column('val_' + name), weight)],
    ];
  }

  function draw() {
    section.dataset.epochs = epochs.length;
    section.dataset.drawn = Date.now();
    document.getElementById('no-curves').hidden = epochs.length > 0;
    section.querySelector('.curves').hidden = epochs.length === 0;
    if (epochs.length === 0) return;
    const name = metricName();
    loss ??= new Plot(plots.loss, { sync: 'epochs' });
    loss.draw(...pair('loss'));
    if (name) {
      section.querySelector('[data-metric-title]').textContent = name === 'accuracy' ? 'Accuracy' : name.replaceAll('_', ' ');
      metric ??= new Plot(plots.metric, { sync: 'epochs', percent: name === 'accuracy' });
      metric.draw(...pair(name));
    }
    rate ??= new Plot(plots.learning_rate, { sync: 'epochs' });
    rate.draw([{ label: 'learning rate', stroke: '--curve-val' }], [column('epoch'), column('learning_rate')]);
    speed ??= new Plot(plots.rows_per_second, { sync: 'epochs' });
    speed.draw([{ label: 'rows a second', stroke: '--curve-val' }], [column('epoch'), column('rows_per_second')]);
  }

  async function fetchNew() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      let cursor = epochs.length ? epochs[epochs.length - 1].epoch : 0;
      while (cursor !== undefined && cursor !== null) {
        const answer = await fetch(`${address}?limit=1000&cursor=${cursor}`);
        if (!answer.ok) break;
        const page = await answer.json();
        epochs.push(...page.epochs);
        cursor = page.next_cursor;
      }
      draw();
    } finally {
      running = false;
      if (again) {
        again = false;
        fetchNew();
      }
    }
  }

  document.getElementById('log-scale').addEventListener('change', event => loss?.logarithmic(event.target.checked));
  document.getElementById('smoothing').addEventListener('input', event => {
    weight = Number(event.target.value);
    draw();
  });
  document.addEventListener('job-changed-' + job, fetchNew);
  follow(job);
  fetchNew();
}
