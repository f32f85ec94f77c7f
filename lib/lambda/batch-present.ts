/** A batch as the API shows it. */
import type { Batch, BatchStatus } from "../domain/batch.ts";
import { hasWork } from "../domain/batch-changes.ts";
import { shownCost } from "../domain/batch-cost.ts";
import { type Totals, type TotalsDependencies, totalsOf } from "./batch-totals.ts";
import type { Answer } from "./endpoint.ts";
import type { ShownBatch, ShownBatchRecord } from "./shown-batch.ts";

/** What a list shows: the record alone. The counts are a call's of its own, as they are read from the rows. */
export function presentRecord({ id, name, status, runAt, createdAt, startedAt, endedAt }: Batch, rows: number) {
  return {
    id,
    ...(name !== undefined && { name }),
    status,
    rows,
    ...(runAt && { runAt }),
    createdAt,
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
  } satisfies ShownBatchRecord;
}

export async function presentBatch(batch: Batch, dependencies: TotalsDependencies) {
  const totals = await totalsOf(batch, dependencies);
  const { rows, repeated, counts, amounts } = totals;
  const status = statusOf(batch, totals);
  const cost = shownCost(totals.cost, batch.startedAt ?? batch.createdAt);
  // The record learns of its end a moment after its last row.
  const isOver = status === "done" || status === "canceled";
  const endedAt = batch.endedAt ?? (isOver ? totals.restAt : undefined);
  return {
    ...presentRecord({ ...batch, status, ...(endedAt !== undefined && { endedAt }) }, rows),
    repeated,
    counts,
    amounts,
    ...speedOf(batch, status, totals, dependencies.now()),
    ...(cost && { cost }),
  } satisfies ShownBatch;
}

export async function batchAnswer(
  status: 200 | 202,
  batch: Batch,
  dependencies: TotalsDependencies,
  { replayed = false }: { readonly replayed?: boolean } = {},
): Promise<Answer> {
  return {
    status,
    body: await presentBatch(batch, dependencies),
    headers: { location: `/v1/batches/${batch.id}`, ...(replayed && { "idempotent-replayed": "true" }) },
  };
}

/** What the rows say already the record learns at the next look. */
function statusOf(batch: Batch, { counts }: Totals): BatchStatus {
  const isAtRest = counts.pending === 0 && counts.processing === 0 && !hasWork(batch);
  if (batch.status === "running" && isAtRest) return "done";
  if (batch.status === "canceling" && isAtRest) return "canceled";
  return batch.status;
}

/**
 * Rows a second since it began, or began again after an end, until now, or the last of them where none is to begin any more.
 * Where rows are to begin, when these should have come to rest: by that, and by the last row's turn. How long a provider
 * takes for what it has, nobody knows.
 */
function speedOf(batch: Batch, status: BatchStatus, { counts, carriedOut, restAt }: Totals, now: Date) {
  const since = batch.resumed?.at ?? batch.startedAt;
  if (since === undefined) return {};
  const until = counts.pending > 0 ? now.toISOString() : (restAt ?? batch.endedAt ?? now.toISOString());
  const seconds = (Date.parse(until) - Date.parse(since)) / 1_000;
  const perSecond = seconds > 0 ? carriedOut / seconds : 0;
  const rate = { rowsPerSecond: Math.round(perSecond * 100) / 100 };
  const lastTurnMs = Math.max(0, ...Object.values(batch.turns).map((at) => Date.parse(at)));
  const byRateMs = perSecond > 0 ? now.getTime() + (counts.pending / perSecond) * 1_000 : 0;
  const endsMs = Math.max(lastTurnMs, byRateMs);
  const isExpected = status === "running" && counts.pending > 0 && endsMs > now.getTime();
  return {
    ...(rate.rowsPerSecond > 0 && { rate }),
    ...(isExpected && { expectedEndAt: new Date(endsMs).toISOString() }),
  };
}
