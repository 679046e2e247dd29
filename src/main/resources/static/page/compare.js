// The curves of several jobs over each other, live.
import { follow } from './live.js';
import { Epochs, title } from './metrics.js';
import { Plot, smooth } from './plot.js';

const COLOURS = ['--curve-val', '--curve-train', '--curve-3', '--curve-4', '--curve-5', '--curve-6', '--curve-7', '--curve-8'];

const section = document.getElementById('overlay');
const jobs = [...document.querySelectorAll('#compared [data-job]')].map((row, index) => ({
  id: row.dataset.job,
  name: row.dataset.name,
  colour: COLOURS[index],
  epochs: new Epochs(row.dataset.metrics),
}));
const loss = new Plot(section.querySelector('[data-curve=loss]'), { sync: 'epochs' });
let metricPlot = null;
let weight = 0;
let training = false;

function draw() {
  section.dataset.epochs = jobs.map(job => job.epochs.list.length).join(' ');
  const epochs = [...new Set(jobs.flatMap(job => job.epochs.column('epoch')))].sort((a, b) => a - b);
  if (epochs.length === 0) return;
  const place = new Map(epochs.map((epoch, index) => [epoch, index]));
  // One axis for all: where a job has no such epoch there is a gap.
  const spread = (job, name) => {
    const values = new Array(epochs.length).fill(null);
    smooth(job.epochs.column(name), weight).forEach((value, index) => {
      values[place.get(job.epochs.list[index].epoch)] = value;
    });
    return values;
  };
  const lines = name => {
    const all = jobs.map(job => [{ label: job.name, stroke: job.colour }, spread(job, 'val_' + name)]);
    if (training) {
      all.push(...jobs.map(job => [
        { label: job.name + ', training', stroke: job.colour, dash: [6, 4], width: 1 }, spread(job, 'train_' + name)]));
    }
    return [all.map(([series]) => series), [epochs, ...all.map(([, values]) => values)]];
  };
  loss.draw(...lines('loss'));
  const metric = jobs.map(job => job.epochs.metric()).find(name => name);
  if (metric) {
    section.querySelector('[data-metric-title]').textContent = title(metric);
    metricPlot ??= new Plot(section.querySelector('[data-curve=metric]'), { sync: 'epochs', percent: metric === 'accuracy' });
    metricPlot.draw(...lines(metric));
  }
}

document.getElementById('with-training').addEventListener('change', event => {
  training = event.target.checked;
  draw();
});
document.getElementById('log-scale').addEventListener('change', event => loss.logarithmic(event.target.checked));
document.getElementById('smoothing').addEventListener('input', event => {
  weight = Number(event.target.value);
  draw();
});
jobs.forEach(job => {
  const update = () => job.epochs.update().then(draw);
  document.addEventListener('job-changed-' + job.id, update);
  follow(job.id);
  update();
});
