/** A provider without references lists an earlier refund late: the next one of its account is not mistaken for it. */
import { describe, expect, test } from "vitest";
import type { Finding } from "../../lib/domain/outcome.ts";
import type { RefundOrder } from "../../lib/providers/port.ts";
import { movementName } from "../../lib/store/originals.ts";
import { captureLog } from "../lambda/api-event.ts";
import { refundStage } from "./refund-stage.ts";

captureLog();

const settled = (id: string): Finding => ({
  kind: "found",
  outcome: { kind: "settled", detail: "REFUNDED", providerTransactionId: id },
});

/** The account lists these rows since the refund's snapshot; what is known to be another's is left aside, as connectors do. */
function listing(rows: readonly string[]) {
  const asked: (readonly string[] | undefined)[] = [];
  const stage = refundStage({
    left: 10_000,
    isExclusive: true,
    submit: async () => ({ kind: "unknown", detail: "reset" }),
  });
  const lookUp = async ({ othersMovements = [] }: RefundOrder) => {
    asked.push(othersMovements);
    const candidates = rows.filter((row) => !othersMovements.includes(row));
    const [row, second] = candidates;
    if (!row) return { kind: "read", value: { kind: "nothing" } } as const;
    if (second) return { kind: "read", value: { kind: "contradiction", detail: "two rows", candidates } } as const;
    return { kind: "read", value: settled(row) } as const;
  };
  Object.assign(stage.refundCalls, { lookUp });
  return { ...stage, asked };
}

async function refunded(stage: ReturnType<typeof listing>) {
  await stage.refund("late-list", { amount: { value: 1_000, currency: "USD" } });
  const [input] = stage.started;
  if (!input) throw new Error("no flow was started");
  await stage.run(input);
  return stage.stored(input.transactionId);
}

describe("a refund in doubt at a provider without references", () => {
  test("is found among rows of which the others are known to be other transactions'", async () => {
    const stage = listing(["row-earlier", "row-ours"]);
    await stage.names.take(movementName("scripted", "row-earlier"), "txn_earlier");
    expect(await refunded(stage)).toMatchObject({ status: "succeeded", providerTransactionId: "row-ours" });
    expect(stage.asked).toEqual([[], ["row-earlier"]]);
  });

  test("stays open where the only row is another transaction's", async () => {
    const stage = listing(["row-earlier"]);
    await stage.names.take(movementName("scripted", "row-earlier"), "txn_earlier");
    expect(await refunded(stage)).toMatchObject({ status: "processing", attempt: "open" });
  });

  test("is for an operator where the rows are nobody's yet", async () => {
    const stage = listing(["row-1", "row-2"]);
    const { clock } = stage;
    await stage.refund("late-list", { amount: { value: 1_000, currency: "USD" } });
    const [input] = stage.started;
    if (!input) throw new Error("no flow was started");
    await stage.run(input);
    // Our own answer could still have come; it did not.
    clock.advance(60_000);
    await stage.run(input);
    expect(await stage.stored(input.transactionId)).toMatchObject({ status: "needs_review" });
    expect(stage.asked).toEqual([[], []]);
  });
});
