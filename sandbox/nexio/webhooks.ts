/** Nexio's webhooks in both generations, of which only one is ever configured (contract, section 9). */

import { createHmac } from "node:crypto";
import { jsonNumber } from "../json.ts";
import type { Movement } from "../movement.ts";
import type { Webhooks, World } from "../provider.ts";
import type { Attempt } from "../webhook.ts";
import { toRecord, toRefundRecord } from "./record.ts";

export const WEBHOOK_SECRET = "sandbox-nexio-webhook-secret";

/** Fires when a spendback is submitted, refunded, or changes status. */
const EVENT = "SPENDBACK";

export const webhooks: Webhooks = {
  isSigned: true,
  tell: (world, movements) => {
    const isLegacy = world.switchValue("webhooks") === "legacy";
    return movements
      .filter(({ operation }) => operation === "spendback" || operation === "refund")
      .map((movement) => {
        const body = JSON.stringify({ eventType: EVENT, ...contentOf(world, movement, isLegacy) });
        return {
          event: EVENT,
          reference: movement.reference,
          write: (attempt) => ({ body, headers: isLegacy ? sign(attempt, body) : {} }),
        };
      });
  },
};

/** The documents show bodies of card transactions only; a spendback's are inferred from those and from its record. */
const contentOf = (world: World, movement: Movement, isLegacy: boolean): object => {
  const record = movement.operation === "refund" ? toRefundRecord(world, movement) : toRecord(world, movement);
  if (isLegacy) return { data: record };
  return { spendbackStatus: record["spendbackStatus"], spendbackId: jsonNumber(movement.id) };
};

const sign = ({ receiver: { secret }, now }: Attempt, body: string): Record<string, string> => {
  if (secret === undefined) return {};
  const time = Math.floor(now / 1_000);
  const digest = createHmac("sha256", secret).update(`${time}.${body}`).digest("hex");
  return { "Nexio-signature": `t=${time},v1=${digest}` };
};
