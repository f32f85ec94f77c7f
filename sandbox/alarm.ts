/** Wakes when the next plan ripens by time, so that what then happens needs nobody to look. */

import type { Ledger } from "./ledger.ts";

/** Timers may come a moment early; below this it would ask again and again. */
const SHORTEST_MS = 10;

/** What a timer takes at most. */
const LONGEST_MS = 2_147_483_647;

export class Alarm {
  readonly #ledger: Ledger;
  readonly #now: () => number;
  readonly #onDue: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at: string | undefined;
  #isStopped = false;

  constructor(ledger: Ledger, now: () => number, onDue: () => void) {
    this.#ledger = ledger;
    this.#now = now;
    this.#onDue = onDue;
  }

  /** To be called after whatever may have made a plan or ended one. */
  set(): void {
    const at = this.#ledger.nextRipening();
    if (at === this.#at || this.#isStopped) return;
    clearTimeout(this.#timer);
    this.#at = at;
    if (at === undefined) return;
    const delayMs = Math.min(Math.max(Date.parse(at) - this.#now(), SHORTEST_MS), LONGEST_MS);
    this.#timer = setTimeout(() => {
      this.#at = undefined;
      this.#onDue();
      this.set();
    }, delayMs).unref();
  }

  /** For good: what is set later, by a call that was still being served, wakes nobody. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }
}
