/** Runs each kind on a metered stack with the sandbox, and counts what it consumes. */
import type { Kind } from "../../lib/domain/transaction.ts";
import type { Stack } from "../../local/stack.ts";
import { type Consumption, startMeteredStack } from "./metered-stack.ts";
import { kinds, type Order, post } from "./orders.ts";

export interface KindCounts {
  /** The very first one: it logs in, and reads the API key. */
  readonly first: Consumption;
  /** Every later one of the same day; of refunds, the first of its original. */
  readonly later: Consumption;
  /** One more refund of an original of which a part was refunded before. */
  readonly again?: Consumption;
  /** The later one's call repeated. */
  readonly replay: Consumption;
}

export type Counts = Readonly<Record<Kind, KindCounts>>;

export async function countKinds(): Promise<Counts> {
  const metered = await startMeteredStack();
  const counted = (order: Order) =>
    metered.consumed(1, async () => {
      await post(metered.stack.apiUrl, order);
    });
  try {
    const counts: Partial<Record<Kind, KindCounts>> = {};
    for (const kind of kinds) {
      const first = await counted({ kind, key: `${kind} 1`, original: "stl-big" });
      const later = await counted({ kind, key: `${kind} 2`, original: "stl-100" });
      const again = kind === "refund" && (await counted({ kind, key: `${kind} 3`, original: "stl-100" }));
      const replay = await counted({ kind, key: `${kind} 2`, original: "stl-100" });
      counts[kind] = { first, later, ...(again && { again }), replay };
    }
    expectNoFailure(metered.stack);
    return counts as Counts;
  } finally {
    await metered.stop();
  }
}

/** A transaction that failed early would be cheap. */
export function expectNoFailure({ bus }: Stack): void {
  const types = bus.recent().map((event) => event["detail-type"]);
  const failed = types.filter((type) => /\.(failed|needs_review)$/.test(type));
  if (failed.length > 0) throw new Error(`not every order succeeded: ${failed.join(", ")}`);
}
