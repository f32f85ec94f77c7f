/** One order of each kind, as a caller posts it; the same connections are there in the sandbox and at the plain provider. */
import { setTimeout } from "node:timers/promises";
import type { Kind } from "../../lib/domain/transaction.ts";
import { localApiKey } from "../../local/stack.ts";

export const kinds = ["spendback", "refund", "cashback"] as const satisfies readonly Kind[];

/** The Lambdas that one order runs through. */
export function functionsOf(kind: Kind): readonly string[] {
  return ["authorize", `create-${kind}`, "authenticate", "check-funds", `submit-${kind}`];
}

export interface Order {
  readonly kind: Kind;
  readonly key: string;
  /** What a refund returns. */
  readonly original?: string;
}

/** On a machine that is busy with other things the emulator may not answer in time. Then a caller repeats, later and later, and so do we. */
const triesMax = 8;
const pauseMs = 50;

/** The id of the transaction. Without `Prefer: wait`, whose reads are the caller's choice. */
export async function post(apiUrl: string, order: Order, tries = 1): Promise<string> {
  const { kind, key, original = "stl-big" } = order;
  const response = await fetch(`${apiUrl}/v1/${kind}s`, {
    method: "POST",
    headers: { authorization: `Bearer ${localApiKey}`, "idempotency-key": key, "content-type": "application/json" },
    body: JSON.stringify({
      ...particulars(kind, original),
      description: "Commission of October, taken back",
      metadata: { order: "A-2026-1007", reason: "returned" },
    }),
  });
  const text = await response.text();
  if (response.status >= 500 && tries < triesMax) {
    await setTimeout(pauseMs * 2 ** tries);
    return post(apiUrl, order, tries + 1);
  }
  if (response.status !== 202) throw new Error(`the ${kind} was answered ${response.status}: ${text}`);
  return (JSON.parse(text) as { id: string }).id;
}

function particulars(kind: Kind, original: string): object {
  switch (kind) {
    case "spendback": {
      const recipient = { id: "ben-alice", email: "alice@example.com" };
      return { connection: "ipayout", recipient, amount: { value: 1, currency: "USD" } };
    }
    case "refund":
      return { connection: "paysafe", original, amount: { value: 1, currency: "USD" } };
    case "cashback":
      return { connection: "sipay", receiver: { walletNumber: "637606074" }, amount: { value: 1, currency: "TRY" } };
  }
}
