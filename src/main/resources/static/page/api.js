// Calls to the page's own service: with what a session's pages must show, and on to the login where it has ended.
const meta = name => document.querySelector(`meta[name="${name}"]`)?.content;

/** What shows that a request comes from a page of the session; nothing where nobody logs in. */
export const proof = () => (meta('csrf-token') ? { 'X-CSRF-Token': meta('csrf-token') } : {});

/** Whether the service wants to know who calls it. */
export const asksForKeys = () => meta('csrf-token') !== undefined;

export function logIn() {
  const login = meta('login');
  const page = location.pathname.slice(login.length - '/login'.length) + location.search;
  location.assign(`${login}?next=${encodeURIComponent(page)}`);
}

/** As fetch does. */
export async function call(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { ...options.headers, ...proof() } });
  if (answer.status === 401) logIn();
  return answer;
}
