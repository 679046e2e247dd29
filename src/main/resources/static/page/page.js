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
document.addEventListener('htmx:beforeRequest', () => show(null));

// What was ticked stays ticked when a list is fetched anew.
let ticked = [];
document.addEventListener('htmx:beforeSwap', event => {
  ticked = [...event.detail.target.querySelectorAll('input[type=checkbox]:checked')].map(box => box.value);
});
document.addEventListener('htmx:afterSettle', event => {
  event.detail.target.querySelectorAll('input[type=checkbox]').forEach(box => {
    if (ticked.includes(box.value)) box.checked = true;
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
