// What a person does with models and versions goes to the API; then the page fetches anew what it shows of them.
import { call } from './api.js';
import { show, showFailure } from './problem.js';

const changed = () => document.dispatchEvent(new CustomEvent('registry-changed'));

/** Also what was refused has the page look again: somebody else may have changed what it shows. */
async function send(method, address, body) {
  show(null);
  try {
    const answer = await call(address, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!answer.ok) show(await answer.text());
    changed();
  } catch {
    showFailure();
  }
}

const does = {
  describe: (address, fields) => send('PATCH', address, { description: fields.get('description') }),
  point: (address, fields) => send('PUT', address + encodeURIComponent(fields.get('alias')), {
    version: Number(fields.get('version')),
    expected_version: Number(fields.get('expected_version')),
  }),
};

document.addEventListener('submit', event => {
  const form = event.target;
  if (!(form.dataset.does in does)) return;
  event.preventDefault();
  does[form.dataset.does](form.action, new FormData(form));
});

document.addEventListener('htmx:afterRequest', event => {
  const { requestConfig, successful, elt } = event.detail;
  if (requestConfig.verb === 'get') return;
  if (successful && elt.dataset.then) location.assign(elt.dataset.then);
  else changed();
});
