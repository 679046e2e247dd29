// What one version or two say to a row.
import { element, parse } from './problem.js';
import { call } from './api.js';
import { authorization, quoted } from './shell.js';

/** More classes than these are shown by their rank. */
const IN_ORDER = 20;
const BEST = 10;

const percent = share => (100 * share).toFixed(1) + '%';
const time = ms => ms < 10 ? ms.toFixed(1) + ' ms' : ms < 1000 ? Math.round(ms) + ' ms' : (ms / 1000).toFixed(1) + ' s';

/**
 * The request that asks a version.
 * @param question `{instance}`, or `{file}` that is sent as it is
 */
function request(question, address, model, version) {
  if (question.file) {
    const query = new URLSearchParams({ model, version });
    return { address: `${address}?${query}`, type: question.file.type, body: question.file };
  }
  const number = /^\d+$/.test(version) ? Number(version) : version;
  return { address, type: 'application/json', body: JSON.stringify({ model, version: number, instances: [question.instance] }) };
}

/** The same request for a terminal. */
export function curl(question, address, model, version) {
  const { address: where, type, body } = request(question, address, model, version);
  const data = question.file ? '--data-binary ' + quoted('@' + question.file.name) : '-d ' + quoted(body);
  return `curl ${quoted(new URL(where, location.href).href)}${authorization()} -H 'Content-Type: ${type}' ${data}`;
}

/** One version's panel. While an answer is awaited, what is asked replaces what waits: the last question wins. */
export class Answer {
  constructor(section, address, model, settled) {
    this.section = section;
    this.address = address;
    this.model = model;
    this.version = section.dataset.version;
    this.classes = JSON.parse(section.dataset.classes);
    this.settled = settled;
    this.part = name => section.querySelector(`[data-${name}]`);
    this.table = section.querySelector('table');
    this.rows = new Map();
  }

  async ask(question) {
    this.next = question;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.next) {
        const asked = this.next;
        this.next = null;
        const show = await this.answer(asked);
        if (asked !== this.dropped) show();
      }
    } finally {
      this.busy = false;
    }
  }

  /** Forgets what was asked and said. */
  clear() {
    this.next = null;
    this.dropped = this.asked;
    this.said('Nothing asked yet.', true);
    this.table.hidden = true;
    this.part('timing').textContent = '';
    this.part('problem').replaceChildren();
  }

  said(text, muted = false) {
    this.part('best').textContent = text;
    this.part('best').classList.toggle('muted', muted);
  }

  async answer(question) {
    this.asked = question;
    const { address, type, body } = request(question, this.address, this.model, this.version);
    const start = performance.now();
    try {
      const response = await call(address, { method: 'POST', headers: { 'Content-Type': type, Accept: 'application/json' }, body });
      const text = await response.text();
      const took = performance.now() - start;
      return () => response.ok ? this.show(JSON.parse(text), took) : this.fail(parse(text));
    } catch {
      return () => this.fail({ title: 'No answer', detail: 'The service does not answer. Is it running? Try again.' });
    }
  }

  fail(problem) {
    this.said('');
    this.table.hidden = true;
    this.part('timing').textContent = '';
    this.part('problem').replaceChildren(element(problem));
    this.settled(`${problem.title}. ${problem.detail}`);
  }

  show({ version, predictions: [prediction], timing }, took) {
    this.part('problem').replaceChildren();
    this.part('timing').textContent = `Answered in ${time(took)}, of which the network took ${time(timing.compute_ms)}.`;
    let best;
    if (prediction.probabilities) {
      this.bars(prediction.probabilities);
      best = `${prediction.label}, ${percent(prediction.probability)}`;
    } else {
      best = `${this.section.dataset.target} ${Number(prediction.value.toPrecision(6))}`;
    }
    this.table.hidden = !prediction.probabilities;
    this.said(best);
    this.section.dataset.answered = Number(this.section.dataset.answered ?? 0) + 1;
    if (!this.next) this.settled(`Version ${version} says ${best}`);
  }

  bars(probabilities) {
    let shown = probabilities.map((share, i) => ({ label: this.classes[i] ?? String(i), share }));
    const top = Math.max(...probabilities);
    if (shown.length > IN_ORDER) {
      shown = shown.sort((a, b) => b.share - a.share).slice(0, BEST);
      this.rows.clear();
      this.table.tBodies[0].replaceChildren();
    }
    for (const { label, share } of shown) {
      const row = this.row(label);
      row.bar.style.width = `${100 * share}%`;
      row.number.textContent = percent(share);
      row.element.classList.toggle('likeliest', share === top);
    }
  }

  row(label) {
    let row = this.rows.get(label);
    if (!row) {
      const line = this.table.tBodies[0].insertRow();
      const name = document.createElement('th');
      name.scope = 'row';
      name.textContent = label;
      name.title = label;
      const bar = document.createElement('div');
      line.append(name);
      line.insertCell().append(bar);
      const number = line.insertCell();
      number.className = 'number';
      row = { element: line, bar, number };
      this.rows.set(label, row);
    }
    return row;
  }
}
