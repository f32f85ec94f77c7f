/** A provider of refunds that counts what leaves it, and the flow's tasks run against it in the order of the definition. */
import { run as checkFunds } from "../../functions/check-funds.ts";
import { run as failTransaction } from "../../functions/fail-transaction.ts";
import { run as lookUp } from "../../functions/look-up.ts";
import { NotSentError } from "../../lib/domain/errors.ts";
import type { Balance, MinorUnits } from "../../lib/domain/money.ts";
import type { Finding, Outcome } from "../../lib/domain/outcome.ts";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { createRefund } from "../../lib/lambda/create-refund.ts";
import type { Call } from "../../lib/lambda/endpoint.ts";
import { submit } from "../../lib/lambda/submit.ts";
import type { Connector, RefundOrder } from "../../lib/providers/port.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memoryClaims, memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import type { OriginalStore } from "../../lib/store/originals.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { bookOf, configured } from "./scripted-connector.ts";
import { newIdOf } from "./stage.ts";

export interface RefundScript {
  /** What the provider says is left of any original; undefined where it cannot tell. */
  readonly left?: number | (() => number);
  readonly submit?: (order: RefundOrder, moved: RefundOrder[]) => Promise<Outcome>;
  readonly originals?: OriginalStore;
  readonly isExclusive?: boolean;
  /** What a lookup finds. Absent, or undefined for an order: what was moved under its reference. */
  readonly finding?: (order: RefundOrder) => Finding | undefined;
}

export function refundStage(script: RefundScript = {}) {
  const { left, submit: answer, originals = memoryOriginals(), isExclusive, finding } = script;
  const moved: RefundOrder[] = [];
  const started: FlowInput[] = [];
  const listed = (order: RefundOrder): Finding =>
    moved.some(({ reference }) => reference === order.reference)
      ? { kind: "found", outcome: { kind: "settled", detail: "found" } }
      : { kind: "nothing" };
  const refundCalls: NonNullable<Connector["refund"]> = {
    check: () => [],
    currency: () => "USD",
    remaining: async () => ({
      kind: "read",
      value:
        left === undefined
          ? undefined
          : ({ value: (typeof left === "function" ? left() : left) as MinorUnits, currency: "USD" } satisfies Balance),
    }),
    submit: async (order) => {
      if (answer) return answer(order, moved);
      moved.push(order);
      return { kind: "settled", detail: "done", providerTransactionId: order.reference };
    },
    lookUp: async (order) => ({ kind: "read", value: finding?.(order) ?? listed(order) }),
    rejectsDuplicates: false,
    ...(isExclusive && { exclusive: () => "the account" }),
  };
  const connector: Connector = { refund: refundCalls };
  const clock = virtualClock();
  const transactions = memoryTransactions();
  const dependencies = {
    ...clock,
    transactions,
    originals,
    names: memoryNames(),
    states: memoryConnectionStates(),
    newId: newIdOf(),
    claims: memoryClaims(),
    sessions: memorySessions(),
    connections: bookOf([configured(connector)]),
    flow: { start: async (input: FlowInput) => void started.push(input) },
  };
  return {
    ...dependencies,
    dependencies,
    refundCalls,
    clock,
    moved,
    started,
    refund: (key: string, body: object = {}) =>
      createRefund({ connection: "scripted", original: "stl-1", ...body }, dependencies, callWith(key)),
    /** Runs a flow from its start to where the definition would leave it. */
    async run(input: FlowInput): Promise<void> {
      const funds = await checkFunds(input, dependencies);
      if (!funds.enough) return void (await failTransaction({ ...input, funds }, dependencies));
      try {
        const { over } = await submit(input, dependencies);
        if (!over) await lookUp(input, dependencies);
      } catch (error) {
        if (!(error instanceof NotSentError)) throw error;
      }
    },
    stored: async (id: string) => {
      const transaction = await transactions.get(id, "consistent");
      if (!transaction) throw new Error(`there is no ${id}`);
      return transaction;
    },
  };
}

export function callWith(idempotencyKey: string): Call {
  return { tenant: "acme", keyId: "key_1", requestId: "request-1", headers: {}, idempotencyKey };
}
