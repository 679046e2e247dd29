// Tells the page which jobs change: 'job-changed' for any, 'job-changed-<id>' for one, both on the document.
// Events that come faster than QUIET are one, so that a page that fetches itself anew isn't kept busy by it.
const QUIET = 400;
// What costs more to fetch, such as a diagnosis, is told of seldom.
const SELDOM = 3000;
const waiting = new Map();

function announce(name, quiet = QUIET) {
  if (waiting.has(name)) {
    waiting.set(name, true);
    return;
  }
  document.dispatchEvent(new CustomEvent(name));
  waiting.set(name, false);
  setTimeout(() => {
    const again = waiting.get(name);
    waiting.delete(name);
    if (again) announce(name, quiet);
  }, quiet);
}

const everyJob = new Set();

/** Has a job's changes announced also when any job may have changed. */
export function follow(id) {
  everyJob.add(id);
}

function heard(message) {
  if (message.state) {
    document.documentElement.dataset.live = message.state;
  }
  if (!('job' in message)) return;
  if (document.hidden) {
    // Nobody looks: one look at everything will do, when somebody does.
    missed = true;
    return;
  }
  changed(message.job);
}

let missed = false;

function changed(job) {
  announce('job-changed');
  (job ? [job] : everyJob).forEach(id => {
    announce('job-changed-' + id);
    announce('job-seldom-changed-' + id, SELDOM);
  });
}

document.addEventListener('visibilitychange', () => {
  if (document.hidden || !missed) return;
  missed = false;
  changed(null);
});

function sharedStream() {
  const { port } = new SharedWorker(new URL('./live-worker.js', import.meta.url), { type: 'module', name: 'live' });
  port.onmessage = event => heard(event.data);
  addEventListener('pagehide', () => port.postMessage('leave'));
  addEventListener('pageshow', event => event.persisted && port.postMessage('join'));
}

/** For browsers without shared workers, which are those of telephones: they show one page at a time. */
async function ownStream() {
  const { Stream } = await import('./live-stream.js');
  const stream = new Stream(heard);
  const choose = () => document.hidden ? stream.close() : stream.open();
  document.addEventListener('visibilitychange', choose);
  addEventListener('pagehide', () => stream.close());
  addEventListener('pageshow', choose);
  choose();
}

if ('SharedWorker' in window) sharedStream();
else ownStream();
