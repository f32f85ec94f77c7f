/** The calls that show what was sent to webhook endpoints, and send it again; and the one that takes what providers send. */
import { ShownDeliveries, ShownReceipt, ShownReplay } from "../../lib/lambda/shown-webhook.ts";
import { delivery, deliveryId, endpointId } from "../examples/answers.ts";
import { replayOfATime, unsignedConnectionId } from "../examples/requests.ts";
import { limitText } from "../list-texts.ts";
import type { Operation } from "../operation.ts";

const id = "The endpoint's id, `whe_…`.";

export const webhookDeliveryOperations = {
  "list-webhook-deliveries": {
    tag: "Webhooks",
    summary: "List deliveries",
    description: "What was sent to an endpoint and how each attempt went, newest first, 30 days back.",
    fields: {
      id,
      status: "Only those that are so now.",
      limit: limitText,
      cursor: "The `cursor` of the page before.",
    },
    examples: [{ title: "Those that failed", parameters: { id: endpointId, status: "failed" } }],
    answers: { 200: { text: "A page.", shows: ShownDeliveries, example: { items: [delivery] } } },
    problems: ["not_found"],
  },
  "replay-webhook-deliveries": {
    tag: "Webhooks",
    summary: "Replay deliveries",
    description:
      "Sends again one delivery, or those of a time, whatever came of them: at most 500 a call, more by the `cursor` that it answers with. A repeat with the same key gets the first answer and replays nothing, whatever has failed since.",
    fields: {
      "": {
        // What a refinement says, which has no other form.
        oneOf: [
          { required: ["deliveryId"], maxProperties: 1 },
          { required: ["from", "to"], not: { required: ["deliveryId"] } },
        ],
      },
      id,
      deliveryId: "One delivery, `whd_…`. Not with any of the others.",
      from: "Those of events then or later: a day, or a moment with its zone.",
      to: "Those of events before: a day, or a moment with its zone.",
      status: "Only those that are so now.",
      cursor: "The `cursor` of the call before.",
    },
    examples: [
      { title: "What failed on a day", parameters: { id: endpointId }, body: replayOfATime },
      { title: "One", parameters: { id: endpointId }, body: { deliveryId } },
    ],
    answers: {
      202: { text: "They are being sent.", shows: ShownReplay, example: { replayed: 3 }, headers: ["replayed"] },
    },
    problems: ["not_found", "webhook_endpoint_disabled", "idempotency_key_reused"],
  },
  "receive-webhook": {
    tag: "Providers",
    summary: "Take a provider's webhook",
    description:
      "For providers, not for you: register this address with them. The signature is checked over the raw body where the connection has a `webhookSecret`. What a webhook says is never believed: it only makes us look the transaction up now. A repeat does nothing.",
    fields: { connection: "The id of the connection whose provider sends it." },
    examples: [{ title: "One that names nothing", parameters: { connection: unsignedConnectionId }, body: {} }],
    answers: { 200: { text: "Received, whatever comes of it.", shows: ShownReceipt, example: { received: true } } },
    problems: ["not_found", "unauthorized"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
