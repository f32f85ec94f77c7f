/** The event bus: takes PutEvents entries, and delivers each event to the functions whose rule matches it. */
import { randomUUID } from "node:crypto";
import { accountId, region } from "./arns.ts";
import { type FailureRecord, invokeAsync } from "./async-invocation.ts";
import { type EntryError, entryError, type PutEventsEntry } from "./event-entry.ts";
import { type EventPattern, matches } from "./event-pattern.ts";

/** How many events are remembered for whoever wants to see them. */
const recentMax = 1_000;

export interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly function: string;
  /** How often a failed invocation is made again: twice, unless it is said. */
  readonly retryAttempts?: number;
  /** Where the record of an event goes that was given up. Absent: it is only remembered. */
  readonly deadLetterQueue?: string;
}

/** An event as a rule's function receives it. */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

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
  readonly now?: () => Date;
}

export interface EventBus {
  /** Takes each entry or refuses it by itself, as PutEvents does. Delivery goes on in the background. */
  put(entries: readonly PutEventsEntry[]): { FailedEntryCount: number; Entries: ({ EventId: string } | EntryError)[] };
  /** The last 1,000 events, oldest first. */
  recent(): readonly BusEvent[];
  /** Events that a function refused each time. */
  deadLetters(): readonly DeadLetter[];
  /** Resolves when nothing is being delivered. */
  idle(): Promise<void>;
  /** Gives up what is being delivered. */
  stop(): Promise<void>;
}

/** Throws where a rule's pattern is malformed. */
export function createEventBus({
  rules = [],
  invoke,
  giveUpTo = () => {},
  now = () => new Date(),
}: EventBusOptions): EventBus {
  for (const { pattern } of rules) matches(pattern, {});
  const events: BusEvent[] = [];
  const letters: DeadLetter[] = [];
  const deliveries = new Set<Promise<void>>();
  const giveUp = new AbortController();

  async function deliver(rule: Rule, event: BusEvent): Promise<void> {
    const failure = await invokeAsync({ target: rule, event, invoke, giveUp: giveUp.signal, now });
    if (!failure) return;
    letters.push({ rule: rule.name, event, error: String(failure.error) });
    if (rule.deadLetterQueue !== undefined) giveUpTo(rule.deadLetterQueue, failure.record);
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
    for (const rule of rules.filter(({ pattern }) => matches(pattern, event))) {
      const delivery = deliver(rule, event).finally(() => deliveries.delete(delivery));
      deliveries.add(delivery);
    }
    return { EventId: event.id };
  }

  async function idle(): Promise<void> {
    while (deliveries.size > 0) await Promise.all(deliveries);
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
