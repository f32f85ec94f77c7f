/** Publishes events on EventBridge. */
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { variable } from "./environment.ts";

export interface BusEvent {
  /** `moneyback.transaction.succeeded` and the like. */
  readonly type: string;
  readonly at: string;
  readonly detail: object;
}

export interface EventPublisher {
  /** @throws Error unless the bus took every event; publishing all of them again is then right. */
  publish(events: readonly BusEvent[]): Promise<void>;
}

/** What one PutEvents call takes: ten entries, and 262,144 bytes, of which a little is left as air. */
const entriesMax = 10;
const callBytesMax = 256_000;

export function eventBridgePublisher(): EventPublisher {
  const client = new EventBridgeClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const bus = variable("EVENT_BUS");
  return {
    async publish(events) {
      for (const Entries of inCalls(events.map((event) => entryOf(event, bus)))) {
        const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries }));
        if (FailedEntryCount) throw new Error(`the bus refused ${FailedEntryCount} of ${Entries.length} events`);
      }
    },
  };
}

function entryOf({ type, at, detail }: BusEvent, bus: string): PutEventsRequestEntry {
  return {
    EventBusName: bus,
    Source: "moneyback",
    DetailType: type,
    Time: new Date(at),
    Detail: JSON.stringify(detail),
  };
}

/**
 * In their order, as many to a call as it takes. None is too large by itself: a transaction's event is at most 20 pairs of 40 and
 * 200 characters and some kilobytes beside them, a rejection at most 50 errors of 100 and 500 characters, and no character
 * takes more than 7 bytes (`\u0001` in a JSON text within a JSON text).
 */
function inCalls(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const entryBytes = sentBytes(entry);
    const call = calls.at(-1);
    if (call && call.length < entriesMax && bytes + entryBytes <= callBytesMax) {
      call.push(entry);
      bytes += entryBytes;
    } else {
      calls.push([entry]);
      bytes = entryBytes;
    }
  }
  return calls;
}

/**
 * An entry's bytes as it is sent. EventBridge counts 14 for the time, and the source, the type and the detail in UTF-8: that is
 * always less, as escaping shortens nothing and the members' names are longer than 14 bytes.
 */
function sentBytes(entry: PutEventsRequestEntry): number {
  return Buffer.byteLength(JSON.stringify(entry));
}
