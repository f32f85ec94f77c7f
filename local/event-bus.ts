/** The event bus: takes PutEvents entries, and delivers each event to the functions whose rule matches it. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { accountId, region } from "./arns.ts";
import { type EntryError, entryError, type PutEventsEntry } from "./event-entry.ts";
import { type EventPattern, matches } from "./event-pattern.ts";

/** How many events are remembered for whoever wants to see them. */
const recentMax = 1_000;

/** Waits before the second and the third try. AWS tries for a day; a person watching does not. */
const retryDelaysMs = [100, 400];

export interface Rule {
  readonly name: string;
  readonly pattern: EventPattern;
  readonly function: string;
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
  readonly invoke: (functionName: string, event: unknown) => Promise<unknown>;
  readonly now?: () => Date;
}

export interface EventBus {
  /** Takes each entry or refuses it by itself, as PutEvents does. Delivery goes on in the background. */
  put(entries: readonly PutEventsEntry[]): { FailedEntryCount: number; Entries: ({ EventId: string } | EntryError)[] };
  /** The last 1,000 events, oldest first. */
  recent(): readonly BusEvent[];
  /** Events that a function refused three times. */
  deadLetters(): readonly DeadLetter[];
  /** Resolves when nothing is being delivered. */
  idle(): Promise<void>;
  /** Gives up what is being delivered. */
  stop(): Promise<void>;
}

/** Throws where a rule's pattern is malformed. */
export function createEventBus({ rules = [], invoke, now = () => new Date() }: EventBusOptions): EventBus {
  for (const { pattern } of rules) matches(pattern, {});
  const events: BusEvent[] = [];
  const letters: DeadLetter[] = [];
  const deliveries = new Set<Promise<void>>();
  const giveUp = new AbortController();

  async function deliver(rule: Rule, event: BusEvent): Promise<void> {
    for (const delayMs of [...retryDelaysMs, undefined]) {
      try {
        await invoke(rule.function, event);
        return;
      } catch (error) {
        if (delayMs === undefined || giveUp.signal.aborted) {
          letters.push({ rule: rule.name, event, error: String(error) });
          return;
        }
        await setTimeout(delayMs, undefined, { signal: giveUp.signal }).catch(() => undefined);
      }
    }
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
