/** Accruals, payouts, schedules and runs as tests put them into stores: plain data, so that nothing under test has made them. */
import type { Accrual } from "../../lib/domain/accrual.ts";
import type { CashbackRun } from "../../lib/domain/cashback-run.ts";
import { type CashbackSchedule, cashbackScheduleId } from "../../lib/domain/cashback-schedule.ts";
import { derivedId } from "../../lib/domain/ids.ts";
import type { MinorUnits } from "../../lib/domain/money.ts";
import type { Payout } from "../../lib/domain/payout.ts";

/** The `n`th accrual of a tenant, a second after the one before it. */
export function sampleAccrual(tenant: string, n = 0, members: Partial<Accrual> = {}): Accrual {
  return {
    id: derivedId("acc", tenant, String(n)),
    tenant,
    connection: "wallets",
    provider: "scripted",
    receiver: { walletNumber: "W-1" },
    amount: lira(100),
    fingerprint: "print",
    state: "waiting",
    revision: 0,
    createdAt: new Date(Date.UTC(2026, 10, 20, 9, 0, n)).toISOString(),
    ...members,
  };
}

export function lira(value: number): Accrual["amount"] {
  return { value: value as MinorUnits, currency: "TRY" };
}

/** The group of accruals to a wallet in lira, from the connection's own account. */
export function groupTo(walletNumber: string): string {
  return derivedId("grp", "", "", walletNumber, "TRY");
}

export function samplePayout(tenant: string, accruals: readonly Accrual[], members: Partial<Payout> = {}): Payout {
  return {
    id: derivedId("pay", tenant, String(accruals.length)),
    tenant,
    connection: "wallets",
    provider: "scripted",
    run: "run_1",
    group: groupTo("W-1"),
    receiver: { walletNumber: "W-1" },
    currency: "TRY",
    minimum: 1,
    members: accruals.map(({ id, amount, revision }) => ({ id, value: amount.value, revision })),
    through: "last",
    hasMore: false,
    createdAt: "2026-11-20T10:00:00.000Z",
    ...members,
  };
}

export function sampleSchedule(tenant: string, members: Partial<CashbackSchedule> = {}): CashbackSchedule {
  const { connection = "wallets" } = members;
  return {
    id: cashbackScheduleId(tenant, connection),
    tenant,
    connection,
    provider: "scripted",
    cron: "0 6 * * *",
    timeZone: "UTC",
    nextRunAt: "2026-11-20T06:00:00.000Z",
    createdAt: "2026-11-19T09:00:00.000Z",
    updatedAt: "2026-11-19T09:00:00.000Z",
    revision: 0,
    ...members,
  };
}

export function sampleRun(tenant: string, members: Partial<CashbackRun> = {}): CashbackRun {
  return {
    id: derivedId("run", tenant, members.dueAt ?? ""),
    tenant,
    connection: "wallets",
    provider: "scripted",
    dueAt: "2026-11-20T06:00:00.000Z",
    cutoff: "2026-11-20T06:00:00.000Z",
    stage: "settling",
    groups: [],
    totals: { transactions: 0, accruals: 0, rolledOver: 0, amounts: {} },
    nextStartAt: "2026-11-20T06:00:10.000Z",
    createdAt: "2026-11-20T06:00:10.000Z",
    revision: 0,
    ...members,
  };
}
