// What is deleted is left behind.
document.addEventListener('htmx:afterRequest', event => {
  const { elt, successful } = event.detail;
  if (successful && elt.dataset.next) location.assign(elt.dataset.next);
});
