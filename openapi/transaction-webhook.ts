/** The webhook that the service sends, from the published schema of its event. */
import { readFile } from "node:fs/promises";
import { webhookEvents } from "../lib/domain/webhook-endpoint.ts";
import type { Json } from "./field-texts.ts";

const eventSchema = new URL("../docs/events/moneyback.transaction.schema.json", import.meta.url);

const headers = [
  ["webhook-id", "The event's own id, the same whenever it is sent again: know repeats by it."],
  ["webhook-timestamp", "When it was sent, in seconds since 1970."],
  [
    "webhook-signature",
    "`v1,` and an HMAC-SHA256 of id, timestamp and body; several, separated by spaces, during a rotation.",
  ],
] as const;

export async function transactionWebhook(): Promise<Json> {
  const { $schema, $id, title, ...data } = JSON.parse(await readFile(eventSchema, "utf8")) as Json;
  return {
    post: {
      operationId: "transactionChanged",
      tags: ["Webhooks"],
      summary: "What your endpoint gets",
      description:
        "Each change of a transaction's status, signed as Standard Webhooks 1.0.0 has it; at least once, a transaction's events one after the other. Any 2xx takes it; anything else is tried again, ten times in three days; 410 disables the endpoint.",
      security: [],
      parameters: headers.map(([name, description]) => ({
        name,
        in: "header",
        description,
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
                type: { type: "string", enum: webhookEvents, description: "What happened." },
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
