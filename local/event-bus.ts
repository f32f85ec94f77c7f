/** The event bus: takes PutEvents entries, and delivers each event to the functions whose rule matches it. */
import { randomUUID } from "node:crypto";
import { accountId, region } from "./arns.ts";
import { type FailureRecord, invokeAsync } from "./async-invocation.ts";
import { type EntryError, entryError, type PutEventsEntry } from "./event-entry.ts";
import { matches } from "./event-pattern.ts";
import type { BusEvent, Rule } from "./event-rule.ts";
import { keptDeliveries } from "./kept-deliveries.ts";
import type { QueueJournal } from "./queue-journal.ts";

/** How many events are remembered for whoever wants to see them. */
const recentMax = 1_000;

export interface DeadLetter {
  readonly rule: string;
  readonly event: BusEvent;
  readonly error: string;
}

export interface EventBusOptions {
  readonly rules?: readonly Rule[];
  readonly invoke: (functionName: string, event: unknown, options: { readonly requestId: string }) => Promise<unknown>;
  /** Takes the record of an event that was given up, for the rule's queue. */
  readonly giveUpTo?: (queue: string, record: FailureRecord) => void;
  /** Keeps what is on its way to functions, across restarts; what is left in it is delivered at once. Absent: a stop gives it up. */
  readonly journal?: QueueJournal | undefined;
  readonly now?: () => Date;
}

export interface EventBus {
  /** Takes each entry or refuses it by itself, as PutEvents does. What is taken is kept; delivery goes on in the background. */
  put(entries: readonly PutEventsEntry[]): { FailedEntryCount: number; Entries: ({ EventId: string } | EntryError)[] };
  /** The last 1,000 events, oldest first. */
  recent(): readonly BusEvent[];
  /** Events that a function refused each time. */
  deadLetters(): readonly DeadLetter[];
  /** Resolves when nothing is being delivered. */
  idle(): Promise<void>;
  /** Waits for no further try: the next bus on the journal makes it, or else the event is given up. */
  stop(): Promise<void>;
}

/** Throws where a rule's pattern is malformed. */
export function createEventBus({
  rules = [],
  invoke,
  giveUpTo = () => {},
  journal,
  now = () => new Date(),
}: EventBusOptions): EventBus {
  for (const { pattern } of rules) matches(pattern, {});
  const events: BusEvent[] = [];
  const letters: DeadLetter[] = [];
  const deliveries = new Set<Promise<void>>();
  const giveUp = new AbortController();

  const kept = keptDeliveries(journal);

  async function deliver(rule: Rule, event: BusEvent): Promise<void> {
    const failure = await invokeAsync({ target: rule, event, invoke, giveUp: giveUp.signal, now });
    if (failure && giveUp.signal.aborted && kept.keeps(rule)) return;
    if (failure) {
      letters.push({ rule: rule.name, event, error: String(failure.error) });
      if (rule.deadLetterQueue !== undefined) giveUpTo(rule.deadLetterQueue, failure.record);
    }
    // Last: whoever dies before it delivers once more.
    kept.over(rule, event);
  }

  function begin(rule: Rule, event: BusEvent): void {
    const delivery = deliver(rule, event).finally(() => deliveries.delete(delivery));
    deliveries.add(delivery);
  }

  function take(entry: PutEventsEntry): { EventId: string } | EntryError {
    const refused = entryError(entry);
    if (refused) return refused;
    const event: BusEvent = {
      version: "0",
      id: randomUUID(),
      "detail-type": entry.DetailType ?? "",
      source: entry.Source ?? "",
      account: accountId,
      // To the second, as EventBridge writes it.
      time: (entry.Time ?? now()).toISOString().replace(/\.\d+Z$/, "Z"),
      region,
      resources: entry.Resources ?? [],
      detail: JSON.parse(entry.Detail ?? "{}") as unknown,
    };
    events.push(event);
    if (events.length > recentMax) events.shift();
    const matching = rules.filter(({ pattern }) => matches(pattern, event));
    for (const rule of matching) kept.begun(rule, event);
    for (const rule of matching) begin(rule, event);
    return { EventId: event.id };
  }

  async function idle(): Promise<void> {
    while (deliveries.size > 0) await Promise.all(deliveries);
  }

  for (const { rule: name, event } of kept.left()) {
    const rule = rules.find((one) => one.name === name);
    if (rule) begin(rule, event);
  }

  return {
    put(entries) {
      const results = entries.map(take);
      return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
    },
    recent: () => events,
    deadLetters: () => letters,
    idle,
    async stop() {
      giveUp.abort();
      await idle();
    },
  };
}
