/** Paysafe's webhooks: the envelope that its other products document, around a refund (contract, section 10). */

import { createHmac } from "node:crypto";
import type { Movement } from "../movement.ts";
import type { Webhooks, World } from "../provider.ts";
import type { Attempt, Webhook } from "../webhook.ts";
import { linkTo } from "./links.ts";
import { showRefund, statusOf } from "./refund-view.ts";
import { MAIN_ACCOUNT } from "./settlements.ts";

export const WEBHOOK_SECRET = "sandbox-paysafe-hmac-key";

/** One for each refund, however many accounts paid a share of it. */
export const webhooks: Webhooks = {
  isSigned: true,
  tell: (world, movements) => {
    const firsts = new Map<string, Movement>();
    for (const each of movements) {
      const refund = `${each.group ?? each.id} ${statusOf(each)}`;
      if (!firsts.has(refund)) firsts.set(refund, each);
    }
    return [...firsts.values()].map((first) => toWebhook(world, first));
  },
};

/** Names of refund events are not documented: made like those of settlements (SETTLEMENT_COMPLETED). */
const toWebhook = (world: World, movement: Movement): Webhook => {
  const event = `REFUND_${statusOf(movement)}`;
  const id = movement.group ?? movement.id;
  const address = { headers: { host: new URL(world.baseUrl()).host }, params: { account: MAIN_ACCOUNT } };
  const envelope = {
    payload: showRefund(world, address, [movement]),
    eventType: event,
    eventName: event,
    resourceId: id,
    eventDate: new Date(world.now()).toISOString().replace(/\.\d{3}Z$/, "Z"),
    mode: "test",
    links: [linkTo(address, `/refunds/${id}`, "refund")],
  };
  const isDecoded = world.switchValue("webhook-key") === "base64";
  return {
    event,
    reference: movement.reference,
    write: (attempt) => {
      const body = JSON.stringify({ ...envelope, attemptNumber: attempt.number });
      return { body, headers: sign(attempt, body, isDecoded) };
    },
  };
};

const sign = ({ receiver: { secret } }: Attempt, body: string, isDecoded: boolean): Record<string, string> => {
  if (secret === undefined) return {};
  const key = isDecoded ? Buffer.from(secret, "base64") : secret;
  return { Signature: createHmac("sha256", key).update(body).digest("base64") };
};
