// Files become a dataset's version: sent by XMLHttpRequest, which tells how far they have come.
import { logIn, proof } from './api.js';
import { element, parse } from './problem.js';
import { authorization, quoted } from './shell.js';

const form = document.getElementById('upload');
const { datasets, pages } = form.dataset;
const byId = id => document.getElementById(id);

/** So much of a table is read to find its header. */
const HEADER_BYTES = 1 << 16;

// --- what is to be sent

const chosen = () => form.querySelector(`fieldset[data-format="${byId('format').value}"]`);
const texts = value => value.split(',').map(text => text.trim()).filter(text => text);

function setting(field) {
  if (field.type === 'checkbox') return field.checked === (field.dataset.usual === 'true') ? undefined : field.checked;
  if (field.value === '') return undefined;
  if (field.dataset.kind === 'texts') return texts(field.value);
  return field.type === 'number' || field.dataset.kind === 'number' ? Number(field.value) : field.value;
}

function spec() {
  const spec = { format: byId('format').value };
  [form.querySelector('[data-spec=description]'), ...chosen().querySelectorAll('[data-spec]')].forEach(field => {
    const value = setting(field);
    if (value !== undefined) spec[field.dataset.spec] = value;
  });
  return spec;
}

const files = () => [...chosen().querySelectorAll('[data-file]')]
  .filter(input => input.files.length > 0)
  .map(input => [input.dataset.file, input.files[0]]);

const address = () => `${datasets}/${encodeURIComponent(byId('name').value || 'NAME')}/versions`;

const inForm = name => '"' + name.replaceAll('\\', '\\\\').replaceAll('"', '\\"') + '"';

function tellCurl() {
  byId('curl').textContent = [
    `curl -i ${new URL(address(), location.href).href}${authorization()}`,
    '--form-string ' + quoted('spec=' + JSON.stringify(spec())),
    ...files().map(([part, file]) => '-F ' + quoted(`${part}=@${inForm(file.name)}`)),
  ].join(' \\\n  ');
}

// --- the header of a table

/** The cells of the first record (RFC 4180). */
function firstRecord(text, delimiter) {
  const cells = [];
  let cell = '';
  let inQuotes = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (inQuotes) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') cell += text[++i];
      else inQuotes = false;
    } else if (c === '"' && cell.trim() === '') {
      cell = '';
      inQuotes = true;
    } else if (c === delimiter) {
      cells.push(cell.trim());
      cell = '';
    } else if (c === '\n' || c === '\r') {
      break;
    } else {
      cell += c;
    }
  }
  return [...cells, cell.trim()];
}

function delimiter(file) {
  const field = name => chosen().querySelector(`[data-spec=${name}]`);
  return field('delimiter').value || (/\.(tsv|tab)$/i.test(file.name) ? '\t' : field('decimal_comma').checked ? ';' : ',');
}

async function readHeader() {
  const label = byId('label');
  const file = form.querySelector('[data-file=train]').files[0];
  const before = label.value;
  let names = [];
  if (file && byId('format').value === 'csv') {
    const bytes = await file.slice(0, HEADER_BYTES).arrayBuffer();
    let decoder = new TextDecoder();
    try {
      decoder = new TextDecoder(form.querySelector('[data-spec=encoding]').value || 'utf-8');
    } catch {
      // The service says which encodings there are.
    }
    names = firstRecord(decoder.decode(bytes), delimiter(file));
    if (!form.querySelector('[data-spec=header]').checked) names = names.map((cell, i) => `column_${i + 1}`);
  }
  label.disabled = names.length === 0;
  label.replaceChildren(new Option(names.length === 0 ? 'choose the table first' : 'choose one', ''), ...names.filter(name => name).map(name => new Option(name, name)));
  // What is to be told stands last, more often than not.
  label.value = names.includes(before) ? before : names[names.length - 1] ?? '';
  tellCurl();
}

// --- sending

const megabytes = bytes => (bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0) + ' MB';

function tell(text) {
  byId('state').textContent = text;
}

function busy(on) {
  byId('sending').hidden = !on;
  byId('send').disabled = on;
  byId('stop').hidden = !on;
}

function refuse(problem) {
  busy(false);
  byId('refusal').replaceChildren(element(problem));
  byId('refusal').scrollIntoView({ block: 'nearest' });
}

function send() {
  const body = new FormData();
  body.append('spec', new Blob([JSON.stringify(spec())], { type: 'application/json' }));
  files().forEach(([part, file]) => body.append(part, file));
  byId('refusal').replaceChildren();
  busy(true);
  tell('');
  const bar = byId('sent');
  bar.value = 0;
  let told = -1;
  const request = new XMLHttpRequest();
  request.upload.addEventListener('progress', event => {
    bar.value = 100 * event.loaded / event.total;
    byId('sending').dataset.sent = event.loaded;
    // Said aloud, so not at every step.
    const tenth = Math.floor(10 * event.loaded / event.total);
    if (tenth !== told) byId('state').textContent = `${megabytes(event.loaded)} of ${megabytes(event.total)} sent`;
    told = tenth;
  });
  request.upload.addEventListener('load', () => {
    bar.removeAttribute('value');
    tell('All sent. The service reads every row and checks it…');
  });
  request.addEventListener('load', () => {
    if (request.status === 401) logIn();
    if (request.status !== 201) {
      refuse(parse(request.responseText));
      return;
    }
    const version = JSON.parse(request.responseText);
    location.assign(`${pages}/${encodeURIComponent(version.name)}/versions/${version.version}`);
  });
  request.addEventListener('error', () => refuse({ title: 'Broken off', detail: 'The service does not answer, or a file has changed while it was sent. Try again.' }));
  request.addEventListener('abort', () => busy(false));
  byId('stop').onclick = () => request.abort();
  request.open('POST', address());
  Object.entries({ Accept: 'application/json', ...proof() }).forEach(header => request.setRequestHeader(...header));
  request.send(body);
}

/** Fields of other formats neither count nor are sent. */
function choose() {
  form.querySelectorAll('fieldset').forEach(fieldset => {
    fieldset.hidden = fieldset !== chosen();
    fieldset.disabled = fieldset.hidden;
  });
  tellCurl();
}

form.addEventListener('submit', event => {
  event.preventDefault();
  send();
});
form.addEventListener('input', event => {
  if (event.target.id === 'format') choose();
  const read = ['delimiter', 'decimal_comma', 'encoding', 'header'].includes(event.target.dataset.spec);
  if (read || event.target.dataset.file === 'train') readHeader();
  else tellCurl();
});
choose();
readHeader();
