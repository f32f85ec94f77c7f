/** Publishes events on EventBridge. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
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

/** What one PutEvents call takes. */
const entriesMax = 10;

export function eventBridgePublisher(): EventPublisher {
  const client = new EventBridgeClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const bus = variable("EVENT_BUS");
  return {
    async publish(events) {
      for (let first = 0; first < events.length; first += entriesMax) {
        const entries = events.slice(first, first + entriesMax).map(({ type, at, detail }) => ({
          EventBusName: bus,
          Source: "moneyback",
          DetailType: type,
          Time: new Date(at),
          Detail: JSON.stringify(detail),
        }));
        const { FailedEntryCount } = await client.send(new PutEventsCommand({ Entries: entries }));
        if (FailedEntryCount) throw new Error(`the bus refused ${FailedEntryCount} of ${entries.length} events`);
      }
    },
  };
}
