/** i-payout's webhooks: two events, and the published signature over time, address and body (contract, section 10). */

import { createHash, createHmac } from "node:crypto";
import type { Webhooks } from "../provider.ts";
import type { Attempt } from "../webhook.ts";
import { toRow } from "./lookup.ts";

export const WEBHOOK_SECRET = "sandbox-ipayout-webhook-key";

/** No event is named for spendbacks: these two are the candidates (inferred). */
const EVENTS = { recorded: "PAYMENT.CREATED", changed: "PAYMENT.STATUS.UPDATED" } as const;

/** Bodies are not published but for `event` in the recipes; as `data` the row that Find transactions shows (inferred). */
export const webhooks: Webhooks = {
  isSigned: true,
  tell: (world, movements, what) => {
    const isHashed = world.switchValue("webhook-signature") === "hashed";
    return movements
      .filter(({ operation }) => operation === "spendback")
      .map((movement) => {
        const event = EVENTS[what];
        const body = JSON.stringify({ event, data: toRow(world, movement) });
        return {
          event,
          reference: movement.reference,
          write: (attempt) => ({ body, headers: sign(attempt, body, isHashed) }),
        };
      });
  },
};

/** The form of the timestamp is not documented: whole seconds (inferred). */
const sign = ({ receiver: { url, secret }, now }: Attempt, body: string, isHashed: boolean): Record<string, string> => {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(now / 1_000));
  const text = `${timestamp}#${url}#${body}`;
  const signed = isHashed ? createHash("sha256").update(text).digest() : text;
  return { "x-timestamp": timestamp, "x-signature": createHmac("sha256", secret).update(signed).digest("base64") };
};
