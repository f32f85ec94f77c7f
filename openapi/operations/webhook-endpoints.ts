/** The calls that register addresses for webhooks, and look after them. */
import { ShownDeletion, ShownEndpoint, ShownEndpoints } from "../../lib/lambda/shown-webhook.ts";
import { endpoint, endpointId, newEndpoint } from "../examples/answers.ts";
import { webhookEndpoint } from "../examples/requests.ts";
import type { Operation } from "../operation.ts";

const id = "The endpoint's id, `whe_…`.";
const one = { title: "One", parameters: { id: endpointId } };

export const webhookEndpointOperations = {
  "create-webhook-endpoint": {
    tag: "Webhooks",
    summary: "Register a webhook endpoint",
    description:
      "Each change of a transaction's status is sent there as a signed `POST`, as Standard Webhooks 1.0.0 has it. The answer has the `secret` that signs: keep it. A repeat with the same key is told it again while it signs.",
    fields: {
      url: { description: "Where webhooks go: an `https://` address that leads to a public one.", format: "uri" },
      events: "What it is told of. Absent: all, also those that there will be.",
      description: "Your words.",
    },
    examples: [{ title: "The sandbox as receiver", body: webhookEndpoint }],
    answers: {
      201: { text: "It is registered.", shows: ShownEndpoint, example: newEndpoint, headers: ["replayed"] },
    },
    problems: ["idempotency_key_reused", "not_found", "webhook_endpoints_exhausted"],
  },
  "list-webhook-endpoints": {
    tag: "Webhooks",
    summary: "List webhook endpoints",
    description: "All of them, oldest first, without their secrets. There are at most 20.",
    answers: { 200: { text: "All of them.", shows: ShownEndpoints, example: { items: [endpoint] } } },
  },
  "get-webhook-endpoint": {
    tag: "Webhooks",
    summary: "Read a webhook endpoint",
    description: "How it is: whether it is disabled and why, and since when it takes nothing.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "The endpoint, without its secrets.", shows: ShownEndpoint, example: endpoint } },
    problems: ["not_found"],
  },
  "rotate-webhook-secret": {
    tag: "Webhooks",
    summary: "Rotate a webhook secret",
    description: "A new secret. For a day the one before it signs beside it; five sign at most.",
    fields: { id },
    examples: [one],
    answers: {
      200: {
        text: "The endpoint with its new secret.",
        shows: ShownEndpoint,
        example: newEndpoint,
        headers: ["replayed"],
      },
    },
    problems: ["not_found", "idempotency_key_reused", "rate_limited"],
  },
  "enable-webhook-endpoint": {
    tag: "Webhooks",
    summary: "Enable a webhook endpoint",
    description: "Delivers again to one that was disabled, or that asked to be left alone for a while.",
    fields: { id },
    examples: [one],
    answers: { 200: { text: "It is enabled.", shows: ShownEndpoint, example: endpoint } },
    problems: ["not_found"],
  },
  "delete-webhook-endpoint": {
    tag: "Webhooks",
    summary: "Delete a webhook endpoint",
    description: "Forgets it and its secrets. What waits for it is not sent any more.",
    fields: { id },
    examples: [one],
    answers: {
      200: { text: "It is gone.", shows: ShownDeletion, example: { id: endpointId, deleted: true } },
    },
    problems: ["not_found", "idempotency_key_reused"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
