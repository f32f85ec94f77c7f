/** What the tests of accruals stand on: stores in memory, wallets at a provider that does as told, and an account of what is true. */
import { run as payAccruals } from "../../functions/pay-accruals.ts";
import { run as runCashbacks } from "../../functions/run-cashbacks.ts";
import type { CashbackRun } from "../../lib/domain/cashback-run.ts";
import type { CashbackSchedule } from "../../lib/domain/cashback-schedule.ts";
import type { Payout } from "../../lib/domain/payout.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { claimAttempt, decline, succeed } from "../../lib/domain/transitions.ts";
import { scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import { createCashback } from "../../lib/lambda/create-cashback.ts";
import type { Call } from "../../lib/lambda/endpoint.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { Connector, Sender } from "../../lib/providers/port.ts";
import {
  memoryAccruals,
  memoryCashbackRuns,
  memoryCashbackSchedules,
  memoryPayouts,
} from "../../lib/store/memory-accruals.ts";
import { memoryClaims, memoryTransactions } from "../../lib/store/memory-store.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { sampleSchedule } from "../store/accrual-samples.ts";
import { newTenant } from "../store/sample.ts";
import { bookOf, config, configured } from "./scripted-connector.ts";

export interface Wish {
  readonly wallet?: string;
  readonly value?: number;
  readonly currency?: string;
  readonly sender?: Sender;
}

/** The connection's own wallet, until it gets another. */
export const ownSender: Sender = { accountNumber: "A-1", walletNumber: "W-0" };

/** By receiver and amount. */
const placeIn = ({ receiver, amount }: Transaction) =>
  `${receiver?.walletNumber} ${String(amount?.value).padStart(16)}`;

/** An hour before a schedule of six o'clock is due. */
export function cashbackStage() {
  const clock = virtualClock("2026-11-20T05:00:00.000Z");
  const tenant = newTenant();
  const [accruals, payouts] = [memoryAccruals(), memoryPayouts()];
  const [schedules, runs] = [memoryCashbackSchedules(), memoryCashbackRuns()];
  const [transactions, claims] = [memoryTransactions(), memoryClaims()];
  const cashback: { check: () => []; ownSender: Sender } = { check: () => [], ownSender };
  const connections = bookOf([
    configured({ cashback } as unknown as Connector, {
      id: "wallets",
      config: { ...config, id: "wallets" },
    }),
    configured({} as Connector, { id: "no-cashbacks", config: { ...config, id: "no-cashbacks" } }),
  ]);
  const woken: BusEvent[] = [];
  const events = { publish: async (batch: readonly BusEvent[]) => void woken.push(...batch) };
  const flow = { start: async () => {} };
  const dependencies = {
    ...clock,
    accruals,
    payouts,
    schedules,
    runs,
    transactions,
    claims,
    connections,
    events,
    flow,
  };
  const taking = { ...dependencies, scheduled: scheduledCashbacks(dependencies) };
  const call = (idempotencyKey = ""): Call => ({ tenant, keyId: "1", requestId: "r-1", headers: {}, idempotencyKey });
  const place = { tenant, connection: "wallets" };
  let keys = 0;

  return {
    clock,
    tenant,
    place,
    call,
    dependencies,
    woken,
    /** Asks for a cashback by schedule, a millisecond after the last, and gives its id. */
    async accrue(
      { wallet = "W-1", value = 100, currency = "TRY", sender }: Wish = {},
      key = `key-${keys++}`,
    ): Promise<string> {
      clock.advance(1);
      const asked = { connection: "wallets", receiver: { walletNumber: wallet }, amount: { value, currency } };
      const input = { ...asked, ...(sender && { sender }) };
      const answer = await createCashback({ ...input, payout: "scheduled" } as never, taking, call(key));
      return (answer.body as { id: string }).id;
    },
    /** The connection pays from another wallet from now on. */
    changeSender(sender: Sender): void {
      cashback.ownSender = sender;
    },
    async schedule(members: Partial<CashbackSchedule> = {}): Promise<void> {
      await schedules.create(sampleSchedule(tenant, members));
    },
    /** What the schedule and the bus do at this moment, until nobody is woken any more. */
    async runDue(given: typeof dependencies = dependencies): Promise<void> {
      await runCashbacks(given);
      for (let next = woken.shift(); next; next = woken.shift()) {
        await payAccruals(next.detail as { run: string }, given);
      }
    },
    /** The provider takes up what is pending: pays it, or declines it. Gives what it was asked to move. */
    async carryOut(isPaid: (transaction: Transaction) => boolean = () => true): Promise<Transaction[]> {
      const { items } = await transactions.list({ tenant, limit: 100, status: "pending" });
      const actor = { by: "flow", at: clock.now() };
      for (const transaction of items) {
        const { id } = transaction;
        const claim = await transactions.advance(id, claimAttempt(actor));
        if (!claim.advanced) continue;
        const declined = { kind: "declined", code: "provider_declined", message: "no" } as const;
        const end = isPaid(transaction)
          ? succeed({ kind: "settled", detail: "paid" }, actor)
          : decline(declined, 1, actor);
        await transactions.advance(id, end);
      }
      return items.toSorted((one, other) => (placeIn(one) < placeIn(other) ? -1 : 1));
    },
    async lastRun(): Promise<CashbackRun> {
      const { lastRun = "" } = (await schedules.get(place)) ?? {};
      const run = await runs.get(lastRun);
      if (!run) throw new Error("no run has begun");
      return run;
    },
    /** Every accrual with what became of it, worked out from what is stored. Throws where the books do not agree. */
    async books(): Promise<Record<string, string>> {
      const { items } = await accruals.list({ tenant, limit: 10_000 });
      const { items: all } = await transactions.list({ tenant, limit: 10_000 });
      const values = new Map(items.map(({ id, amount }) => [id, amount.value]));
      const paidBy = new Map<string, string[]>();
      for (const transaction of all) {
        if (!transaction.accruals) continue;
        const payout = (await payouts.get(transaction.accruals.payout)) as Payout;
        const paid = payout.members.map(({ id }) => id).filter((id) => !payout.decision?.without.includes(id));
        const sum = paid.reduce((value, id) => value + (values.get(id) ?? Number.NaN), 0);
        if (sum !== transaction.amount?.value)
          throw new Error(`${transaction.id} moves ${transaction.amount?.value}, not ${sum}`);
        if (paid.length !== transaction.accruals.count)
          throw new Error(`${transaction.id} names ${paid.length} accruals`);
        if (transaction.status === "failed" || transaction.status === "canceled") continue;
        for (const id of paid)
          paidBy.set(id, [...(paidBy.get(id) ?? []), `${transaction.status} by ${transaction.id}`]);
      }
      return Object.fromEntries(
        items.map(({ id, state }) => {
          const by = paidBy.get(id) ?? [];
          if (by.length > 1) throw new Error(`${id} is paid more than once: ${by.join(", ")}`);
          if (by[0] && state !== "assigned") throw new Error(`${id} is ${state}, and ${by[0]}`);
          return [id, by[0]?.split(" ")[0] ?? state];
        }),
      );
    },
  };
}

export type CashbackStage = ReturnType<typeof cashbackStage>;
