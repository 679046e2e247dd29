// A job's epochs, fetched as they come: each call fetches those that are not there yet.
import { call } from './api.js';

export class Epochs {
  constructor(address) {
    this.address = address;
    this.list = [];
    this.pending = null;
  }

  /** Fetches what is new. Calls that come meanwhile are one more. */
  async update() {
    if (this.pending) {
      this.again = true;
      return this.pending;
    }
    // Without an answer the curves stay as they are; the next change asks again.
    this.pending = this.fetchNew().catch(() => {});
    await this.pending;
    this.pending = null;
    if (this.again) {
      this.again = false;
      await this.update();
    }
  }

  async fetchNew() {
    let cursor = this.list.length ? this.list[this.list.length - 1].epoch : 0;
    while (cursor !== undefined && cursor !== null) {
      const answer = await call(`${this.address}?limit=1000&cursor=${cursor}`);
      if (!answer.ok) return;
      const page = await answer.json();
      this.list.push(...page.epochs);
      cursor = page.next_cursor;
    }
  }

  column(name) {
    return this.list.map(epoch => epoch[name] ?? null);
  }

  /** The metric beside the loss: the accuracy where there is one, else the first that the job asked for. */
  metric() {
    const names = Object.keys(this.list[0] ?? {}).filter(name => name.startsWith('val_') && name !== 'val_loss');
    return names.includes('val_accuracy') ? 'accuracy' : names[0]?.slice('val_'.length);
  }
}

/** How people read a metric's name. */
export function title(metric) {
  const words = metric.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
