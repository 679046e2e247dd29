// A row, drawn, chosen or typed, asked of each version that is shown.
import { Answer, curl } from './answers.js';
import { call } from './api.js';
import { seen } from './drawing.js';
import { show, showFailure } from './problem.js';

const page = document.getElementById('try');
const { model, predict, rows, dataset } = page.dataset;
const shape = JSON.parse(page.dataset.shape);
const maximum = Number(page.dataset.maximum);
const heldOut = Number(page.dataset.heldOut);
const truth = document.getElementById('truth');
const heard = document.getElementById('heard');

/** What was said is read aloud once a drawing rests. */
let drawing = false;
const answers = [...page.querySelectorAll('.answer')]
  .map(section => new Answer(section, predict, model, text => { if (!drawing) heard.textContent = text; }));

function ask(question) {
  answers.forEach(answer => answer.ask(question));
  if (!drawing) document.getElementById('curl').textContent = answers.map(answer => curl(question, predict, model, answer.version)).join('\n');
}

function tell(text) {
  truth.textContent = text || '\u00a0';
}

/** A row that training never saw, by chance. */
async function random() {
  const row = Math.floor(Math.random() * heldOut);
  try {
    const answer = await call(`${rows}?split=test&offset=${row}&limit=1`);
    const text = await answer.text();
    if (!answer.ok) {
      show(text);
      return null;
    }
    show(null);
    const [item] = JSON.parse(text).items;
    tell(`Held-out row ${item.row} of ${dataset}: ${typeof item.label === 'number' ? Number(item.label.toPrecision(6)) : item.label}`);
    return item.instance;
  } catch {
    showFailure();
    return null;
  }
}

/** Calls with each random row that a person asks for. */
function onRandom(use) {
  document.getElementById('random')?.addEventListener('click', async () => {
    const instance = await random();
    if (instance !== null) use(instance);
  });
}

// --- pictures

function picture(section) {
  const [height, width, channels] = shape;
  const pad = document.getElementById('pad');
  const small = document.getElementById('seen');
  const drawn = section.dataset.drawn === 'true';
  const PEN = 0.085;
  let strokes = [];
  let waiting = false;

  pad.width = 560;
  pad.height = Math.round(560 * height / width);
  small.width = width;
  small.height = height;
  const ink = pad.getContext('2d');
  ink.imageSmoothingEnabled = false;

  function wipe() {
    ink.fillStyle = '#000';
    ink.fillRect(0, 0, pad.width, pad.height);
    small.getContext('2d').clearRect(0, 0, width, height);
    small.closest('figure').classList.add('nothing');
  }

  function clear() {
    strokes = [];
    wipe();
    tell('');
    heard.textContent = '';
    answers.forEach(answer => answer.clear());
  }

  /** Shows the values that are sent. */
  function preview(instance) {
    const context = small.getContext('2d');
    const image = context.createImageData(width, height);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) image.data[4 * i + c] = 255 * instance[i * channels + (channels === 3 ? c : 0)] / maximum;
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
    small.closest('figure').classList.remove('nothing');
  }

  /** As numbers, not as a PNG: its 256 grey levels would fall between those of 0 to 16 that a network may take. */
  function instance() {
    return Array.from(seen(strokes, height, width), level => maximum === 1 ? Number(level.toFixed(4)) : Math.round(maximum * level));
  }

  function askDrawing() {
    waiting = false;
    if (strokes.length === 0) return;
    const values = instance();
    preview(values);
    ask({ instance: values });
  }

  /** Once a frame at most. */
  function changed() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(askDrawing);
  }

  function paint(from, to) {
    ink.strokeStyle = '#fff';
    ink.lineWidth = PEN * Math.min(pad.width, pad.height);
    ink.lineCap = 'round';
    ink.lineJoin = 'round';
    ink.beginPath();
    ink.moveTo(from.x, from.y);
    ink.lineTo(to.x, to.y);
    ink.stroke();
  }

  function point(event) {
    const area = pad.getBoundingClientRect();
    return { x: (event.clientX - area.left) * pad.width / area.width, y: (event.clientY - area.top) * pad.height / area.height };
  }

  function extend(event) {
    const stroke = strokes[strokes.length - 1];
    for (const one of event.getCoalescedEvents?.() ?? [event]) {
      const next = point(one);
      paint(stroke[stroke.length - 1], next);
      stroke.push(next);
    }
    changed();
  }

  function rest() {
    if (!drawing) return;
    drawing = false;
    changed();
  }

  if (drawn) {
    pad.classList.add('drawn');
    pad.addEventListener('pointerdown', event => {
      if (event.button !== 0 || !event.isPrimary) return;
      event.preventDefault();
      if (strokes.length === 0) {
        wipe();
        tell('');
      }
      drawing = true;
      pad.setPointerCapture(event.pointerId);
      strokes.push([point(event)]);
      paint(point(event), point(event));
      changed();
    });
    pad.addEventListener('pointermove', event => { if (drawing && event.isPrimary) extend(event); });
    pad.addEventListener('pointerup', rest);
    pad.addEventListener('pointercancel', rest);
  }

  async function sendFile(file) {
    clear();
    ask({ file });
    tell(`${file.name}, sent as it is: the service brings it to ${width} × ${height}.`);
    try {
      const bitmap = await createImageBitmap(file);
      const scale = Math.min(pad.width / bitmap.width, pad.height / bitmap.height);
      const [w, h] = [bitmap.width * scale, bitmap.height * scale];
      ink.drawImage(bitmap, (pad.width - w) / 2, (pad.height - h) / 2, w, h);
    } catch {
      // The service says in words what is wrong with it.
    }
  }

  const chooser = document.getElementById('file');
  if (chooser) {
    chooser.addEventListener('change', () => chooser.files[0] && sendFile(chooser.files[0]));
    section.addEventListener('dragover', event => {
      event.preventDefault();
      section.classList.add('over');
    });
    section.addEventListener('dragleave', () => section.classList.remove('over'));
    section.addEventListener('drop', event => {
      event.preventDefault();
      section.classList.remove('over');
      if (event.dataTransfer.files[0]) sendFile(event.dataTransfer.files[0]);
    });
  }

  onRandom(values => {
    strokes = [];
    preview(values);
    ink.drawImage(small, 0, 0, pad.width, pad.height);
    if (chooser) chooser.value = '';
    ask({ instance: values });
  });
  document.getElementById('clear').addEventListener('click', () => {
    if (chooser) chooser.value = '';
    clear();
  });
  wipe();
}

// --- rows of tables

function table(form) {
  const inputs = [...form.querySelectorAll('[data-column]')];

  function row() {
    return Object.fromEntries(inputs.map(input => [input.dataset.column,
      input.value === '' ? null : input.type === 'number' ? Number(input.value) : input.value]));
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    ask({ instance: row() });
  });
  form.addEventListener('input', () => {
    tell('');
    if (form.checkValidity()) ask({ instance: row() });
  });
  onRandom(instance => {
    inputs.forEach(input => { input.value = instance[input.dataset.column] ?? ''; });
    if (form.reportValidity()) ask({ instance });
  });
}

// --- anything else

function text(form) {
  const area = document.getElementById('instance');
  const write = instance => { area.value = JSON.stringify(instance); };

  function askText() {
    try {
      const instance = JSON.parse(area.value);
      show(null);
      ask({ instance });
    } catch (fault) {
      show(JSON.stringify({ title: 'Not JSON', detail: fault.message }));
    }
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    askText();
  });
  area.addEventListener('input', () => tell(''));
  onRandom(instance => {
    write(instance);
    askText();
  });
  if (heldOut > 0) random().then(instance => instance === null || write(instance));
  else write(Array(shape.reduce((a, b) => a * b, 1)).fill(0));
}

document.querySelector('#choice [name=model]').addEventListener('change', () => {
  document.querySelector('#choice [name=version]').value = 'latest';
  document.querySelector('#choice [name=beside]').value = '';
});

const kinds = { picture, row: table, json: text };
Object.entries(kinds).forEach(([id, start]) => {
  const element = document.getElementById(id);
  if (element) start(element);
});
