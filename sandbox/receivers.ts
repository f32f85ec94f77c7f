/** Who is told by webhook, kept in the journal: it outlives restarts and resets. */

import type { Entry } from "./book.ts";
import type { Journal } from "./journal.ts";
import type { Receiver } from "./webhook.ts";

export class Receivers {
  readonly #journal: Journal<Entry>;
  readonly #byProvider = new Map<string, Receiver>();

  constructor(journal: Journal<Entry>) {
    this.#journal = journal;
    for (const entry of journal.entries) {
      if ("receiver" in entry) this.#byProvider.set(entry.receiver.provider, entry.receiver);
      else if ("removedReceiver" in entry) this.#byProvider.delete(entry.removedReceiver);
    }
  }

  list(provider?: string): Receiver[] {
    return [...this.#byProvider.values()].filter((each) => provider === undefined || each.provider === provider);
  }

  /** Replaces the one that the provider had. */
  save(receiver: Receiver): void {
    const present = this.#byProvider.get(receiver.provider);
    if (present?.url === receiver.url && present.secret === receiver.secret) return;
    this.#byProvider.set(receiver.provider, receiver);
    this.#journal.append({ receiver });
  }

  /** Removes a provider's, or all; answers how many there were. */
  remove(provider?: string): number {
    const removed = this.list(provider);
    for (const each of removed) {
      this.#byProvider.delete(each.provider);
      this.#journal.append({ removedReceiver: each.provider });
    }
    return removed.length;
  }

  /** Writes all of them again, after the journal was emptied. */
  rewrite(): void {
    for (const receiver of this.list()) this.#journal.append({ receiver });
  }
}
