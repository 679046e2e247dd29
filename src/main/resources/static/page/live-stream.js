const RETRY = 3000;

/** The API's stream of which jobs change. It tells {state} and {job}, which is null where any may have changed. */
export class Stream {
  constructor(tell) {
    this.tell = tell;
    this.source = null;
  }

  open() {
    if (this.source) return;
    this.source = new EventSource(new URL('../api/v1/jobs/events', import.meta.url));
    this.source.onopen = () => this.tell({ state: 'open' });
    this.source.onerror = () => {
      this.tell({ state: 'lost' });
      // An answer that is no stream ends an EventSource for good.
      if (this.source?.readyState === EventSource.CLOSED) {
        this.source = null;
        this.retry = setTimeout(() => this.open(), RETRY);
      }
    };
    this.source.addEventListener('job', event => this.tell({ job: JSON.parse(event.data).id }));
    this.source.addEventListener('jobs', () => this.tell({ job: null }));
  }

  close() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = null;
  }
}
