/** The key attributes of what lies in the table of accruals, and how they spread over partitions. */
import { type Accrual, groupOf } from "../domain/accrual.ts";
import type { CashbackRun } from "../domain/cashback-run.ts";
import type { CashbackSchedule } from "../domain/cashback-schedule.ts";
import { derivedId, spreadOf } from "../domain/ids.ts";
import type { Payout } from "../domain/payout.ts";
import type { Place } from "./accruals.ts";
import { shardCount, tenantShard } from "./keys.ts";

/** Time and id: a total order, so that a page can begin exactly where the last one ended. */
export function accrualListedAt({ createdAt, id }: Pick<Accrual, "createdAt" | "id">): string {
  return `${createdAt}#${id}`;
}

/** A group's accruals lie together, oldest first. */
export function waitingAt(accrual: Accrual): string {
  return `${groupOf(accrual)}#${accrualListedAt(accrual)}`;
}

/** Where a group's accruals wait. Hashed, because a tenant's name may hold any character. */
export function waitingShard(where: Place, group: string): string {
  return waitingShardOf(where, spreadOf(group) % shardCount);
}

export function waitingShardOf({ tenant, connection }: Place, shard: number): string {
  return `${derivedId("waiting", tenant, connection)}#${shard}`;
}

/** `waitingAt` stays when it is assigned, so that it can be let back to its place. */
export function accrualKeys(accrual: Accrual): Readonly<Record<string, string | number>> {
  const { id, tenant, receiver, amount, state } = accrual;
  return {
    tenantShard: tenantShard(tenant, spreadOf(id) % shardCount),
    listedAt: accrualListedAt(accrual),
    wallet: receiver.walletNumber,
    value: amount.value,
    waitingAt: waitingAt(accrual),
    ...(state === "waiting" && { waitingShard: waitingShard(accrual, groupOf(accrual)) }),
  };
}

/** Payouts that are not closed, by their connection. */
export function openShard({ tenant, connection }: Place): string {
  return derivedId("open", tenant, connection);
}

export function payoutKeys(payout: Payout): Readonly<Record<string, string>> {
  return payout.closed ? {} : { dueShard: openShard(payout), nextActionAt: `${payout.createdAt}#${payout.id}` };
}

export function scheduleKeys({ id, nextRunAt }: CashbackSchedule): Readonly<Record<string, string>> {
  return nextRunAt === undefined ? {} : { dueShard: dueShardOf("schedules", spreadOf(id)), nextActionAt: nextRunAt };
}

/** A run that nobody has waits since it began; one whose runner died, since it should have been heard of. */
export function runKeys({ id, stage, heldUntil, createdAt }: CashbackRun): Readonly<Record<string, string>> {
  return stage === "done" ? {} : { dueShard: dueShardOf("runs", spreadOf(id)), nextActionAt: heldUntil ?? createdAt };
}

/** Schedules and runs apart: a heap of runs must not keep the schedules waiting. */
export function dueShardOf(what: "schedules" | "runs", spread: number): string {
  return `${what}#${spread % shardCount}`;
}
