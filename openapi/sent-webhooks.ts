/** The webhooks that the service sends, from the published schemas of its events. */
import { readFile } from "node:fs/promises";
import { batchEvents, transactionEvents } from "../lib/domain/webhook-endpoint.ts";
import type { Json } from "./field-texts.ts";

const headers = [
  ["webhook-id", "The event's own id, the same whenever it is sent again: know repeats by it."],
  ["webhook-timestamp", "When it was sent, in seconds since 1970."],
  [
    "webhook-signature",
    "`v1,` and an HMAC-SHA256 of id, timestamp and body; several, separated by spaces, during a rotation.",
  ],
] as const;

const answering =
  "Signed as Standard Webhooks 1.0.0 has it; at least once. Any 2xx takes it; anything else is tried again, ten times in three days; 410 disables the endpoint.";

interface SentWebhook {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly events: readonly string[];
  /** The published schema of what it carries. */
  readonly schema: string;
}

const transaction: SentWebhook = {
  operationId: "transactionChanged",
  summary: "What your endpoint gets of a transaction",
  description: `Each change of a transaction's status, a transaction's events one after the other. ${answering}`,
  events: transactionEvents,
  schema: "moneyback.transaction",
};

const batch: SentWebhook = {
  operationId: "batchEnded",
  summary: "What your endpoint gets of a batch",
  description: `Each end of a batch: when its last row has come to rest, and again after a retry or more rows. ${answering}`,
  events: batchEvents,
  schema: "moneyback.batch",
};

export async function sentWebhooks(): Promise<Json> {
  return { transaction: await described(transaction), batch: await described(batch) };
}

async function described({ operationId, summary, description, events, schema }: SentWebhook): Promise<Json> {
  const file = new URL(`../docs/events/${schema}.schema.json`, import.meta.url);
  const { $schema, $id, title, ...data } = JSON.parse(await readFile(file, "utf8")) as Json;
  return {
    post: {
      operationId,
      tags: ["Webhooks"],
      summary,
      description,
      security: [],
      parameters: headers.map(([name, text]) => ({
        name,
        in: "header",
        description: text,
        required: true,
        schema: { type: "string" },
      })),
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                type: { type: "string", enum: events, description: "What happened." },
                timestamp: { type: "string", format: "date-time", description: "When it happened." },
                data: { description: title, ...data },
              },
              required: ["type", "timestamp", "data"],
            },
          },
        },
      },
      responses: {
        "2XX": { description: "It is taken." },
        "410": { description: "The endpoint wants nothing any more, and is disabled." },
      },
    },
  };
}
