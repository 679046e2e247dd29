// Keys are made and revoked by the API; the new one is shown once, and is nowhere else.
import { call } from './api.js';
import { element, parse, showFailure } from './problem.js';

const form = document.getElementById('make');
const byId = id => document.getElementById(id);

function spec() {
  const fields = new FormData(form);
  const expires = fields.get('expires_at');
  return {
    name: fields.get('name'),
    owner: fields.get('owner'),
    role: fields.get('role'),
    all_owners: fields.has('all_owners'),
    ...(expires ? { expires_at: new Date(expires).toISOString() } : {}),
  };
}

form.addEventListener('submit', async event => {
  event.preventDefault();
  byId('refusal').replaceChildren();
  try {
    const answer = await call(form.dataset.keys, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(spec()) });
    const text = await answer.text();
    if (!answer.ok) {
      byId('refusal').replaceChildren(element(parse(text)));
      return;
    }
    byId('key').textContent = JSON.parse(text).key;
    byId('made').hidden = false;
    byId('making').open = false;
    form.reset();
    byId('key').focus();
  } catch {
    showFailure();
  }
});

document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.successful && event.detail.requestConfig.verb === 'delete') location.reload();
});
