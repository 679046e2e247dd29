// What every page does: live updates, errors in words, times in the reader's zone, texts to copy.
import './live.js';
import { logIn, proof } from './api.js';
import { show, showFailure } from './problem.js';

const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const UNITS = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];

function ago(date) {
  const seconds = (date - Date.now()) / 1000;
  const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return RELATIVE.format(Math.round(seconds / size), unit);
}

function dress(root) {
  root.querySelectorAll('time[datetime]').forEach(element => {
    const date = new Date(element.dateTime);
    element.title = date.toLocaleString();
    element.textContent = 'ago' in element.dataset ? ago(date) : date.toLocaleTimeString();
  });
}

dress(document);
setInterval(() => dress(document), 10_000);
document.addEventListener('htmx:load', event => dress(event.detail.elt));

document.addEventListener('htmx:configRequest', event => Object.assign(event.detail.headers, proof()));
document.addEventListener('htmx:responseError', event => (event.detail.xhr.status === 401 ? logIn() : show(event.detail.xhr.responseText)));
document.addEventListener('htmx:sendError', showFailure);
// What a page fetches anew by itself takes no error away.
document.addEventListener('htmx:beforeRequest', event => event.detail.requestConfig.verb !== 'get' && show(null));

// Of what is fetched anew only the parts that have changed are replaced, and what a person has done with them stays: what
// has the focus, is ticked, unfolded or scrolled to.
const written = new WeakMap();

/** How to find an element again in what takes its place. */
function address(element) {
  if (element.id) return '#' + CSS.escape(element.id);
  if (element.matches('a[href]')) return `a[href="${CSS.escape(element.getAttribute('href'))}"]`;
  if (element.matches('input[value]')) return `input[value="${CSS.escape(element.getAttribute('value'))}"]`;
  return null;
}

/** Remembers what a person has done within an element; returns what does it again in another. */
function remember(element) {
  const all = selector => [...element.querySelectorAll(selector)];
  const focused = element.contains(document.activeElement) ? address(document.activeElement) : null;
  const summary = element.contains(document.activeElement) && document.activeElement.matches('summary')
    ? all('summary').indexOf(document.activeElement) : -1;
  const ticked = all('input[type=checkbox]:checked').map(address);
  const unfolded = all('details').map(details => details.open);
  const scrolled = all('pre, .wide').map(box => [box.scrollTop, box.scrollLeft]);
  return other => {
    const others = selector => [...other.querySelectorAll(selector)];
    ticked.forEach(box => { if (box && other.querySelector(box)) other.querySelector(box).checked = true; });
    others('details').forEach((details, index) => { details.open = unfolded[index] ?? details.open; });
    others('pre, .wide').forEach((box, index) => { [box.scrollTop, box.scrollLeft] = scrolled[index] ?? [0, 0]; });
    const again = focused ? other.querySelector(focused) : others('summary')[summary];
    again?.focus({ preventScroll: true });
  };
}

function replace(old, part) {
  const again = remember(old);
  old.replaceWith(part);
  htmx.process(part);
  dress(part);
  again(part);
  document.dispatchEvent(new CustomEvent('changed-' + part.dataset.part));
}

let again = null;

document.addEventListener('htmx:beforeSwap', event => {
  const { target, xhr } = event.detail;
  if (!event.detail.shouldSwap) return;
  const parts = new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelectorAll('[data-part]');
  const before = new Map([...target.querySelectorAll('[data-part]')].map(part => [part.dataset.part, part]));
  if (parts.length === 0 || parts.length !== before.size || ![...parts].every(part => before.has(part.dataset.part))) {
    again = { target, remembered: remember(target) };
    return;
  }
  event.detail.shouldSwap = false;
  parts.forEach(part => {
    const old = before.get(part.dataset.part);
    const text = part.outerHTML;
    if (written.get(old) === text) return;
    replace(old, part);
    written.set(part, text);
  });
});

document.addEventListener('htmx:afterSwap', event => {
  if (again?.target === event.detail.target) again.remembered(again.target);
  again = null;
});

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1500);
});
