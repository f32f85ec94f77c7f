/** Publishing on the bus, by the SDK's own client: in order, and in calls that the bus takes, however large the events are. */

import { marshall } from "@aws-sdk/util-dynamodb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { VisibleError } from "../../lib/domain/errors.ts";
import { type BusEvent, eventBridgePublisher } from "../../lib/lambda/event-bridge.ts";
import { MetadataInput } from "../../lib/lambda/money-request.ts";
import { rejectionOf } from "../../lib/lambda/rejections.ts";
import { changeIn } from "../../lib/lambda/transaction-events.ts";
import { type AwsEndpoint, startAwsEndpoint } from "../../local/aws-endpoint.ts";
import { eventBridgeOperations } from "../../local/aws-eventbridge.ts";
import { createEventBus, type EventBus } from "../../local/event-bus.ts";
import { sample } from "../store/sample.ts";

interface Entry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
}

let endpoint: AwsEndpoint;
let bus: EventBus;
let calls: Entry[][];

beforeEach(async () => {
  bus = createEventBus({ invoke: async () => null });
  calls = [];
  const put = eventBridgeOperations(bus)["AWSEvents.PutEvents"];
  endpoint = await startAwsEndpoint({
    port: 0,
    operations: {
      "AWSEvents.PutEvents": (input) => {
        calls.push(input["Entries"] as Entry[]);
        return put?.(input) ?? {};
      },
    },
  });
  vi.stubEnv("EVENT_BUS", "moneyback");
  vi.stubEnv("AWS_ENDPOINT_URL_EVENTBRIDGE", endpoint.url);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "any");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "thing");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await endpoint.close();
});

const numbered = (count: number, text = ""): BusEvent[] =>
  Array.from({ length: count }, (_, number) => ({
    type: "moneyback.transaction.pending",
    at: "2026-11-20T09:30:00.000Z",
    detail: { number, text },
  }));

const numbers = () => bus.recent().map(({ detail }) => (detail as { number: number }).number);
const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** As EventBridge documents an entry's size; ours name no resources. */
const documentedBytes = (call: Entry[]) =>
  call.reduce((sum, { Source, DetailType, Detail }) => sum + 14 + Buffer.byteLength(Source + DetailType + Detail), 0);

/** A control character takes 6 bytes in the detail, and one more in the call. */
const control = "\u0001";

/** Twenty pairs of the longest keys and texts. */
const largestMetadata = Object.fromEntries(
  Array.from({ length: 20 }, (_, number) => [
    String.fromCharCode(97 + number).padEnd(40, control),
    control.repeat(200),
  ]),
);

describe("what is published", () => {
  test("goes out in calls of ten, in order", async () => {
    await eventBridgePublisher().publish(numbered(25));
    expect(calls.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(numbers()).toEqual(upTo(25));
  });

  test.each([
    ["control characters", control.repeat(4_800)],
    ["quotes", '"'.repeat(9_000)],
    ["characters of three bytes", "€".repeat(12_000)],
    ["characters of four bytes", "💸".repeat(9_000)],
  ])("goes out in smaller calls where ten events are too large: %s", async (_, text) => {
    await eventBridgePublisher().publish(numbered(29, text));
    expect(numbers()).toEqual(upTo(29));
    expect(Math.max(...calls.map(documentedBytes))).toBeLessThan(262_144);
    // As many as fit: eight of 36 kB do not.
    expect(calls.map(({ length }) => length)).toEqual([7, 7, 7, 7, 1]);
  });

  test("is nothing where there is nothing", async () => {
    await eventBridgePublisher().publish([]);
    expect(calls).toEqual([]);
  });

  test("fails where the bus refuses an entry", async () => {
    const [event] = numbered(1);
    const refused = eventBridgePublisher().publish([{ ...event, type: "" } as BusEvent]);
    await expect(refused).rejects.toThrow("the bus refused 1 of 1 events");
  });
});

describe("the largest event goes out by itself", () => {
  test("of a transaction: its metadata are as large as the API takes them", async () => {
    expect(MetadataInput.safeParse(largestMetadata).success).toBe(true);
    const transaction = sample("t".repeat(100), 1, {
      kind: "refund",
      original: control.repeat(300),
      metadata: largestMetadata,
      providerTransactionId: control.repeat(300),
    });
    const change = changeIn({ dynamodb: { NewImage: marshall(transaction) as never } });
    const events = (change?.events ?? []).map(({ event, at, detail }) => ({ type: `moneyback.${event}`, at, detail }));
    await eventBridgePublisher().publish(events);
    expect(bus.recent()).toMatchObject([{ detail: { transaction: { metadata: largestMetadata } } }]);
  });

  test("of a refused request: its errors are as many and as long as they are told", async () => {
    const errors = Array.from({ length: 60 }, () => ({ path: control.repeat(200), message: control.repeat(600) }));
    const rejection = rejectionOf(
      { id: "e".repeat(36), source: "s".repeat(256), "detail-type": "refund.requested", detail: {} },
      { tenant: control.repeat(100), key: '"'.repeat(255) },
      new VisibleError("validation_failed", control.repeat(600), { errors }),
    );
    const at = "2026-11-20T09:30:00.000Z";
    await eventBridgePublisher().publish([{ type: "moneyback.request_rejected", at, detail: rejection }]);
    expect(bus.recent()).toMatchObject([{ detail: { errors: { length: 50 } } }]);
  });
});
