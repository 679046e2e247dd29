// A job's spec: written, checked by the API while it is written, shown layer by layer, posted.
import { element, parse, showFailure } from './problem.js';
import { call } from './api.js';
import { authorization, quoted } from './shell.js';

const PAUSE = 300;

const root = document.getElementById('new-job');
const field = id => document.getElementById(id);
const text = field('spec');
const check = field('check');
let presets = [];
let checking = 0;
let timer;
// Pressing twice, or after an answer was lost, posts one job; a changed spec is another.
let key = newKey();

/** The spec that is written, or null. */
function spec() {
  try {
    const value = JSON.parse(text.value);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function write(value) {
  text.value = JSON.stringify(value, null, 2);
  changed();
}

/** Changes one thing of the spec, whatever else it holds. */
function edit(change) {
  const value = spec() ?? {};
  change(value);
  write(value);
}

function node(tag, content, className) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

function table(heads, rows) {
  const made = node('table');
  const head = made.createTHead().insertRow();
  heads.forEach(title => {
    const cell = node('th', title);
    cell.scope = 'col';
    head.append(cell);
  });
  const body = made.createTBody();
  rows.forEach(row => body.append(row));
  const wide = node('div', undefined, 'wide');
  wide.tabIndex = 0;
  wide.role = 'region';
  wide.ariaLabel = 'Layers';
  wide.append(made);
  return wide;
}

const count = number => number.toLocaleString('en');
const megabytes = bytes => (bytes / 1e6).toFixed(1) + ' MB';

function showSummary(summary) {
  // Where layers follow one another nobody needs to be told what each is connected to.
  const branches = summary.layers.some((layer, index) => index > 0
    && (layer.inputs.length !== 1 || layer.inputs[0] !== summary.layers[index - 1].name));
  const rows = summary.layers.map(layer => {
    const row = node('tr');
    row.append(node('td', layer.name), node('td', layer.type), node('td', `(${layer.output_shape.join(', ')})`),
      node('td', count(layer.parameters), 'number'));
    if (branches) row.append(node('td', layer.inputs.join(', ')));
    return row;
  });
  const { weights_bytes: weights, updater_bytes: updater, activations_bytes: activations } = summary.memory;
  check.replaceChildren(
    table(['Layer', 'Type', 'Output shape', 'Parameters', ...(branches ? ['Connected to'] : [])], rows),
    node('p', `${count(summary.total_parameters)} parameters, ${count(summary.trainable_parameters)} of them trainable. `
      + `Training takes at least ${megabytes(weights + updater + activations)} of memory.`),
  );
}

const LAYER = /^\/network\/layers\/(\d+)(\/.*)?$/;

/** Errors of layers are told at the layers, all others before them. */
function showProblem(problem) {
  const layers = spec()?.network?.layers;
  const errors = problem.errors ?? [];
  const atLayers = Array.isArray(layers) ? errors.filter(error => LAYER.test(error.pointer)) : [];
  if (atLayers.length === 0) {
    check.replaceChildren(element(problem));
    return;
  }
  const rows = layers.map((layer, index) => {
    const row = node('tr');
    row.dataset.layer = index;
    const faults = atLayers.filter(error => Number(LAYER.exec(error.pointer)[1]) === index);
    const settings = Object.entries(layer ?? {}).filter(([name]) => name !== 'type')
      .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
    const told = node('td');
    told.append(node('small', settings));
    faults.forEach(error => told.append(node('p', error.detail.replace(error.pointer + ': ', ''), 'problem')));
    row.append(node('td', index, 'number'), node('td', layer?.type ?? '?'), told);
    return row;
  });
  const others = errors.filter(error => !atLayers.includes(error));
  check.replaceChildren(
    ...(others.length ? [element({ ...problem, errors: others })] : []),
    node('p', problem.title + ': look at what is marked.', 'muted'),
    table(['', 'Type', 'Settings'], rows),
  );
}

async function validate() {
  const mine = ++checking;
  try {
    const answer = await call(root.dataset.api + '/validate', request());
    const body = await answer.text();
    if (mine !== checking) return;
    root.dataset.valid = answer.ok;
    field('verdict').textContent = answer.ok ? 'The job can be posted.' : 'The job cannot be posted as it is.';
    field('post').disabled = !answer.ok;
    if (answer.ok) showSummary(JSON.parse(body));
    else showProblem(parse(body));
  } catch {
    if (mine === checking) showFailure();
  }
}

function request(headers = {}) {
  return { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...headers }, body: text.value };
}

function showCurl() {
  field('curl').textContent =
    `curl -i ${new URL(root.dataset.api, location.href)}${authorization()} -H 'Content-Type: application/json' -d ${quoted(text.value)}`;
}

/** What Keras writes becomes the network of the job that was there before. */
let before = null;
function takeKeras() {
  const value = spec();
  if (!value || !('class_name' in value && 'config' in value)) return;
  write({ model: 'keras', dataset: 'digits', training: { epochs: 10 }, ...before, network: { keras: value } });
}

/** Nothing is written under the hands of who types. */
function fill(id, value) {
  if (document.activeElement !== field(id)) field(id).value = value ?? '';
}

function show() {
  takeKeras();
  const value = spec();
  if (value) {
    before = value;
    fill('model', value.model);
    fill('dataset', typeof value.dataset === 'object' ? value.dataset?.name : value.dataset);
    fill('preset', value.network?.preset);
    fill('epochs', value.training?.epochs);
  }
  const chosen = field('preset').selectedOptions[0];
  field('teaches').textContent = chosen?.dataset.teaches ?? '';
  field('layers').hidden = !value?.network?.preset;
  showCurl();
}

function changed() {
  key = newKey();
  show();
  clearTimeout(timer);
  timer = setTimeout(validate, PAUSE);
}

text.addEventListener('input', changed);
field('model').addEventListener('change', event => edit(value => { value.model = event.target.value; }));
field('dataset').addEventListener('change', event => {
  edit(value => {
    if (value.model === value.dataset) value.model = event.target.value;
    value.dataset = event.target.value;
    // A shape that was frozen was that of the dataset before.
    if (value.network) delete value.network.input_shape;
  });
  suggest(event.target.value);
});
field('epochs').addEventListener('change', event => edit(value => {
  value.training = { ...value.training, epochs: Number(event.target.value) };
}));
field('preset').addEventListener('change', event => {
  if (event.target.value) {
    edit(value => {
      value.network = { preset: event.target.value };
      value.training = value.training?.epochs ? { epochs: value.training.epochs } : undefined;
    });
  } else {
    writeLayers();
  }
});

const read = async address => {
  try {
    const answer = await call(address);
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
};

/** A network that fits the dataset, where nobody has written one: the presets are for pictures. */
let suggested = null;
async function suggest(dataset) {
  const mine = () => spec()?.network?.preset || JSON.stringify(spec()?.network) === suggested;
  if (!mine()) return;
  const known = await read(`${root.dataset.datasets}/${dataset}`);
  // A built-in one that nobody has used yet is made by the first look.
  const version = known?.versions[0] ?? (known && await read(`${root.dataset.datasets}/${dataset}/versions/1`));
  if (!version || !mine() || field('dataset').value !== dataset) return;
  const picture = version.input_shape.length === 3;
  if (picture === Boolean(spec().network.preset)) return;
  edit(value => {
    if (picture) {
      value.network = { preset: 'rung-9' };
      value.training = { epochs: 10 };
      return;
    }
    const layers = [{ type: 'dense', units: 32, activation: 'relu' }];
    if (version.input_shape.length > 1) layers.unshift({ type: 'flatten' });
    layers.push(version.classes.length
      ? { type: 'dense', units: version.classes.length, activation: 'softmax' }
      : { type: 'dense', units: 1, activation: 'linear' });
    value.network = { layers };
    value.training = { epochs: 20, batch_size: 32, seed: 42, optimizer: { type: 'adam', learning_rate: 0.01 } };
  });
  suggested = JSON.stringify(spec().network);
}

function writeLayers() {
  const preset = presets.find(one => one.name === (spec()?.network?.preset ?? 'rung-9'));
  if (!preset) return;
  edit(value => {
    value.network = { layers: preset.layers };
    value.training = { ...preset.training, ...value.training };
  });
}

field('layers').addEventListener('click', writeLayers);

field('post').addEventListener('click', async () => {
  field('post').disabled = true;
  try {
    const answer = await call(root.dataset.api, request({ 'Idempotency-Key': key }));
    const body = await answer.text();
    if (answer.ok) {
      location.assign(root.dataset.jobs + JSON.parse(body).id);
      return;
    }
    showProblem(parse(body));
  } catch {
    showFailure();
  }
  field('post').disabled = false;
});


function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
}

show();
field('fields').disabled = false;
presets = (await read(root.dataset.presets))?.items ?? [];
await suggest(field('dataset').value);
changed();
