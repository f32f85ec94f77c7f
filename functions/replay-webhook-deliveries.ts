/** `POST /v1/webhook-endpoints/{id}/replay`: sends deliveries again, one or those of a time, whatever came of them. */
import * as z from "zod/mini";
import { VisibleError } from "../lib/domain/errors.ts";
import { deliveryStatuses, replayed, type WebhookDelivery } from "../lib/domain/webhook-delivery.ts";
import { claimKey, type KeyClaim } from "../lib/lambda/claim-key.ts";
import { claimStore, clock, webhookDeliveryStore, webhookEndpointStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import { type EventPublisher, eventBridgePublisher } from "../lib/lambda/event-bridge.ts";
import { cursorOf, MomentInput } from "../lib/lambda/list-input.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { DeliveryCursor } from "../lib/lambda/webhook-deliveries.ts";
import { ownEndpoint } from "../lib/lambda/webhook-endpoints.ts";
import { wake } from "../lib/lambda/webhook-wake.ts";
import type { ClaimStore } from "../lib/store/port.ts";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "../lib/store/webhooks.ts";

/** How many one call takes up; more by the cursor that it answers with. */
const replayMax = 500;
const pageSize = 100;

const choice = "name either a deliveryId, or a time by from and to";

export const ReplayWebhookDeliveries = z
  .strictObject({
    id: z.string(),
    deliveryId: z.exactOptional(z.string()),
    from: z.exactOptional(MomentInput),
    to: z.exactOptional(MomentInput),
    status: z.exactOptional(z.enum(deliveryStatuses)),
    cursor: z.exactOptional(DeliveryCursor),
  })
  .check(
    z.refine(({ deliveryId, from, to, status, cursor }) => {
      if (deliveryId === undefined) return from !== undefined && to !== undefined;
      return [from, to, status, cursor].every((member) => member === undefined);
    }, choice),
  );
export type ReplayWebhookDeliveries = z.infer<typeof ReplayWebhookDeliveries>;

export interface Dependencies {
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
  readonly deliveries: Pick<WebhookDeliveryStore, "get" | "list" | "replace">;
  readonly claims: ClaimStore;
  readonly events: EventPublisher;
  readonly now: () => Date;
}

/**
 * A repeat with the same key is given the first answer, and replays nothing, whatever has failed since. Where the first call died
 * before its answer was kept, the repeat goes on: it leaves what that call replayed as it is, and tells of what it finds.
 */
export async function run(input: ReplayWebhookDeliveries, dependencies: Dependencies, call: Call): Promise<Answer> {
  const { tenant, idempotencyKey: key } = call;
  const endpoint = await ownEndpoint(tenant, input.id, dependencies);
  if (endpoint.disabled) {
    throw new VisibleError("webhook_endpoint_disabled", "The webhook endpoint is disabled: enable it first.");
  }
  const claim = await claimKey({ tenant, operation: "replay webhooks", key, request: input }, dependencies);
  const before = claim.isRepeat ? await keep(undecided, claim, dependencies) : undecided;
  if (before !== undecided) return answer(Replayed.parse(JSON.parse(before)), true);
  const done = input.deliveryId
    ? await replayOne(input.deliveryId, endpoint.id, claim.id, dependencies)
    : await replayTime(input, endpoint.id, claim.id, dependencies);
  await wake([{ tenant, endpoint: endpoint.id }], dependencies).catch((error: unknown) =>
    log("warn", "webhooks not woken", { requestId: call.requestId, endpoint: endpoint.id, ...errorFields(error) }),
  );
  await keep(JSON.stringify(done), claim, dependencies);
  return answer(done, false);
}

const Replayed = z.object({ replayed: z.int(), next: z.exactOptional(z.string()) });
type Replayed = z.infer<typeof Replayed>;

function answer({ replayed: count, next }: Replayed, isReplayed: boolean): Answer {
  return {
    status: 202,
    body: { replayed: count, ...(next !== undefined && { cursor: cursorOf(next) }) },
    ...(isReplayed && { headers: { "idempotent-replayed": "true" } }),
  };
}

/** Stands where an answer would: a repeat came before there was one, so none is kept any more. */
const undecided = "";

/** Keeps a text with the key, for as long as the key is remembered; what was kept first comes back. */
async function keep(text: string, { id }: KeyClaim, { claims, now }: Dependencies): Promise<string> {
  const claim = await claims.claim(`${id}#answer`, text, now());
  return claim.claimed ? text : claim.fingerprint;
}

async function replayOne(id: string, endpoint: string, by: string, dependencies: Dependencies): Promise<Replayed> {
  const delivery = await dependencies.deliveries.get(id);
  if (delivery?.endpoint !== endpoint) throw new VisibleError("not_found", `There is no delivery "${id}".`);
  await replay(delivery, by, dependencies);
  return { replayed: 1 };
}

async function replayTime(
  { from, to, status, cursor }: ReplayWebhookDeliveries,
  endpoint: string,
  by: string,
  dependencies: Dependencies,
): Promise<Replayed> {
  let count = 0;
  let before = cursor;
  do {
    const { items, next } = await dependencies.deliveries.list({
      endpoint,
      limit: pageSize,
      now: dependencies.now(),
      ...(from && { from }),
      ...(to && { to }),
      ...(status && { status }),
      ...(before && { before }),
    });
    await Promise.all(items.map((delivery) => replay(delivery, by, dependencies)));
    count += items.length;
    before = next;
  } while (before !== undefined && count < replayMax);
  return { replayed: count, ...(before !== undefined && { next: before }) };
}

/** One whose attempt is under way is being sent as it is. */
async function replay(delivery: WebhookDelivery, by: string, { deliveries, now }: Dependencies): Promise<void> {
  const isUnderWay = delivery.claimedUntil !== undefined && delivery.claimedUntil > now().toISOString();
  if (isUnderWay || delivery.replayedBy === by) return;
  // Refused where another change came between: an attempt, or another replay.
  await deliveries.replace(replayed(delivery, by));
}

export const handler = endpointHandler(
  { scope: "webhooks:write", mutates: true, from: "path and body", input: ReplayWebhookDeliveries, run },
  (): Dependencies => ({
    endpoints: webhookEndpointStore(),
    deliveries: webhookDeliveryStore(),
    claims: claimStore(),
    events: eventBridgePublisher(),
    now: clock.now,
  }),
);
