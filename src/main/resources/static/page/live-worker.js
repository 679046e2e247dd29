// One stream for all pages of a browser: it opens six connections to a host, and a stream keeps one.
import { Stream } from './live-stream.js';

const pages = new Set();
let state = 'opening';

const stream = new Stream(message => {
  state = message.state ?? state;
  pages.forEach(page => page.postMessage(message));
});

function join(page) {
  pages.add(page);
  stream.open();
  // The page may have been made before it listened.
  page.postMessage({ state, job: null });
}

function leave(page) {
  pages.delete(page);
  if (pages.size === 0) stream.close();
}

self.onconnect = event => {
  const page = event.ports[0];
  page.onmessage = message => message.data === 'leave' ? leave(page) : join(page);
  join(page);
};
