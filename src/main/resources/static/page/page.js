// What every page does: live updates, errors in words, times in the reader's zone, texts to copy.
import './live.js';
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

document.addEventListener('htmx:responseError', event => show(event.detail.xhr.responseText));
document.addEventListener('htmx:sendError', showFailure);
// What a page fetches anew by itself takes no error away.
document.addEventListener('htmx:beforeRequest', event => event.detail.requestConfig.verb !== 'get' && show(null));

// Of what is fetched anew only the parts that have changed are replaced, so that nothing moves under a finger or loses the focus.
const written = new WeakMap();

document.addEventListener('htmx:beforeSwap', event => {
  const { target, xhr } = event.detail;
  if (!event.detail.shouldSwap) return;
  const parts = new DOMParser().parseFromString(xhr.responseText, 'text/html').querySelectorAll('[data-part]');
  const before = new Map([...target.querySelectorAll('[data-part]')].map(part => [part.dataset.part, part]));
  if (parts.length === 0 || parts.length !== before.size || ![...parts].every(part => before.has(part.dataset.part))) {
    return;
  }
  event.detail.shouldSwap = false;
  parts.forEach(part => {
    const old = before.get(part.dataset.part);
    const text = part.outerHTML;
    if (written.get(old) !== text) {
      const ticked = old.querySelector('input:checked');
      const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
      old.replaceWith(part);
      if (ticked) part.querySelector('input').checked = true;
      if (focused) document.getElementById(focused)?.focus();
      htmx.process(part);
      dress(part);
      written.set(part, text);
    }
  });
});

document.addEventListener('click', async event => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  const before = button.textContent;
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1500);
});
