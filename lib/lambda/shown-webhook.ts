/** What the API shows of webhook endpoints and of deliveries to them, for the API's description. */
import * as z from "zod/mini";
import { deliveryFailures, deliveryStatuses } from "../domain/webhook-delivery.ts";
import { disableReasons, webhookEvents } from "../domain/webhook-endpoint.ts";
import { countField, momentField, pageOf, textField } from "./shown-field.ts";

export const ShownEndpoint = z
  .object({
    id: textField("The endpoint's id.", "whe_0p6wyp6rqnbhg2hxtmgr9m0dk4"),
    url: textField("Where webhooks go.", "https://shop.example.com/hooks"),
    events: z
      .array(z.string())
      .check(z.describe(`What it is told of, of a list that grows; today ${webhookEvents.join(", ")}.`)),
    description: z.exactOptional(textField("The caller's words.")),
    status: z.enum(["enabled", "disabled"]).check(z.describe("Whether anything is sent.")),
    disabled: z.exactOptional(
      z
        .object({
          reason: z
            .enum(disableReasons)
            .check(z.describe("`gone`: it answered 410. `failing`: it took nothing for five days.")),
          at: momentField("When."),
        })
        .check(z.describe("Why nothing is sent.")),
    ),
    failingSince: z.exactOptional(momentField("When the first attempt failed since one succeeded.")),
    pausedUntil: z.exactOptional(momentField("It asked to be left alone until then.")),
    createdAt: momentField("When it was registered."),
    secret: z.exactOptional(
      textField(
        "What its webhooks are signed with. Shown only to the call that made it, and to that call's repeats.",
        "whsec_…",
      ),
    ),
  })
  .check(
    z.meta({ id: "WebhookEndpoint", description: "An address that is told of the tenant's transactions and batches." }),
  );
export type ShownEndpoint = z.infer<typeof ShownEndpoint>;

export const ShownEndpoints = z
  .object({ items: z.array(ShownEndpoint).check(z.describe("All of them.")) })
  .check(z.meta({ id: "WebhookEndpointList", description: "All endpoints, oldest first, without their secrets." }));

export const ShownDeletion = z
  .object({ id: textField("The endpoint that was."), deleted: z.literal(true) })
  .check(z.meta({ id: "WebhookEndpointDeleted", description: "It is gone, and its secrets with it." }));

const ShownAttempt = z
  .object({
    at: momentField("When it began."),
    status: z.exactOptional(z.int().check(z.describe("The HTTP status of its answer."))),
    error: z.exactOptional(textField("In a word why there was none.")),
    durationMs: countField("How long it took, in milliseconds."),
  })
  .check(z.meta({ id: "WebhookAttempt", description: "One attempt to deliver." }));

const ShownDelivery = z
  .object({
    id: textField("The delivery's id.", "whd_5txt5yf0m0j5p6wz4q2k1rb4xw"),
    event: textField("What it tells.", "transaction.succeeded"),
    webhookId: textField(
      "The event's own id, the same for every endpoint and every attempt: `webhook-id` of the request.",
    ),
    transaction: z.exactOptional(textField("The transaction that it is about.")),
    batch: z.exactOptional(textField("The batch that it is about.")),
    status: z.enum(deliveryStatuses).check(z.describe("`pending`: another attempt is to come.")),
    failure: z.exactOptional(z.enum(deliveryFailures).check(z.describe("Why no attempt is to come."))),
    attempts: z.array(ShownAttempt).check(z.describe("The last ones, oldest first.")),
    nextAttemptAt: z.exactOptional(momentField("When the next one is.")),
    createdAt: momentField("When the event was."),
  })
  .check(z.meta({ id: "WebhookDelivery", description: "One event for one endpoint." }));
export type ShownDelivery = z.infer<typeof ShownDelivery>;

export const ShownDeliveries = pageOf(ShownDelivery, "WebhookDeliveryPage", "Deliveries, newest first.");

export const ShownReplay = z
  .object({
    replayed: countField("How many deliveries were taken up."),
    cursor: z.exactOptional(textField("Repeat the call with it, and with a new Idempotency-Key, for more.")),
  })
  .check(z.meta({ id: "WebhookReplay", description: "How many deliveries are sent again." }));

export const ShownReceipt = z
  .object({ received: z.literal(true) })
  .check(z.meta({ id: "WebhookReceived", description: "It was received, whatever comes of it." }));
