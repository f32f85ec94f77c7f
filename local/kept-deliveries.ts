/** The bus's deliveries that a crash must not lose: on AWS an event that was taken is delivered, whatever dies. */
import type { BusEvent, Rule } from "./event-rule.ts";
import { memoryJournal, type QueueJournal } from "./queue-journal.ts";

interface Delivery {
  readonly rule: string;
  readonly event: BusEvent;
}

export interface KeptDeliveries {
  /** False for a rule whose function is invoked once: it wakes somebody who would come anyway. */
  keeps(rule: Rule): boolean;
  /** Kept once this returns. */
  begun(rule: Rule, event: BusEvent): void;
  /** Delivered, or put aside. */
  over(rule: Rule, event: BusEvent): void;
  /** What the journal held at the start, oldest first. */
  left(): readonly Delivery[];
}

export function keptDeliveries(journal: QueueJournal | undefined): KeptDeliveries {
  const { messages, sent, deleted } = journal ?? memoryJournal();
  const keeps = ({ retryAttempts }: Rule) => journal !== undefined && retryAttempts !== 0;
  return {
    keeps,
    begun(rule, event) {
      const body = JSON.stringify({ rule: rule.name, event } satisfies Delivery);
      if (keeps(rule)) sent({ id: idOf(rule, event), body, sentAtMs: Date.parse(event.time) });
    },
    over(rule, event) {
      if (keeps(rule)) deleted(idOf(rule, event));
    },
    left: () => messages().map(({ body }) => JSON.parse(body) as Delivery),
  };
}

function idOf(rule: Rule, event: BusEvent): string {
  return `${event.id} to ${rule.name}`;
}
