/** EventBridge on the local AWS endpoint: PutEvents to the one bus there is. */
import { busArn, busName } from "./arns.ts";
import { AwsError, type AwsOperations } from "./aws-operations.ts";
import type { EventBus } from "./event-bus.ts";
import type { PutEventsEntry } from "./event-entry.ts";

/** EventBridge's limits for one call. */
const entriesMax = 10;
const callBytesMax = 262_144;

export function eventBridgeOperations(bus: Pick<EventBus, "put">): AwsOperations {
  return {
    "AWSEvents.PutEvents": ({ Entries }) => {
      if (!Array.isArray(Entries) || Entries.length < 1 || Entries.length > entriesMax) {
        throw new AwsError("ValidationException", `Entries must hold between 1 and ${entriesMax} events.`);
      }
      if (Buffer.byteLength(JSON.stringify(Entries)) > callBytesMax) {
        throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
      }
      for (const { EventBusName } of Entries) assertKnownBus(EventBusName);
      return bus.put(Entries.map(entryOf));
    },
  };
}

/** On AWS a call without a bus goes to the bus `default`, where nothing of ours listens: here that is said. */
function assertKnownBus(name: unknown): void {
  if (name === busName || name === busArn) return;
  const asked = typeof name === "string" ? name : "default";
  throw new AwsError("ResourceNotFoundException", `Event bus ${asked} does not exist. There is one: ${busName}.`);
}

function entryOf(entry: Record<string, unknown>): PutEventsEntry {
  const text = (name: string) => (typeof entry[name] === "string" ? entry[name] : undefined);
  return {
    Source: text("Source"),
    DetailType: text("DetailType"),
    Detail: text("Detail"),
    Resources: Array.isArray(entry["Resources"]) ? entry["Resources"].map(String) : [],
    // The JSON protocol carries times as seconds since 1970.
    Time: typeof entry["Time"] === "number" ? new Date(entry["Time"] * 1000) : undefined,
  };
}
