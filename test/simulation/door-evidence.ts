/** What a simulation knows of batches, accruals and events that the product does not: every write as it was made. */
import type { Accrual } from "../../lib/domain/accrual.ts";
import { type Batch, chunkPlaces, chunksOf } from "../../lib/domain/batch.ts";
import type { Chunk, ChunkRow } from "../../lib/domain/batch-chunk.ts";
import type { CashbackRun } from "../../lib/domain/cashback-run.ts";
import type { CashbackSchedule } from "../../lib/domain/cashback-schedule.ts";
import type { ChunkState } from "../../lib/domain/chunk-state.ts";
import { isDecided, type Payout, paidMembers } from "../../lib/domain/payout.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { Versions } from "./versions.ts";

export class DoorEvidence {
  readonly batches = new Versions<Batch>();
  readonly chunks = new Map<string, Chunk>();
  readonly states = new Versions<ChunkState>();
  readonly accruals = new Versions<Accrual>();
  readonly payouts = new Versions<Payout>();
  readonly schedules = new Versions<CashbackSchedule>();
  readonly runs = new Versions<CashbackRun>();
  /** What was said of events, by their ids. */
  readonly verdicts = new Map<string, "accepted" | "rejected">();
  /** Ids of events of which the bus heard that they were refused. */
  readonly announced = new Set<string>();
  /** Each time that a batch came to its end, as the event of it is called. */
  readonly ends = new Set<string>();
  /** Ends of batches that the bus heard of, and those of which a webhook was written down. */
  readonly heardEnds = new Set<string>();
  readonly webhooks = new Set<string>();
  readonly #ofKeys = new Map<string, Set<string>>();

  /** Notes whose wish a transaction carries out: callers write the key into its metadata, so no id need be believed. */
  made({ id, tenant, metadata }: Transaction): void {
    const key = metadata?.["key"];
    if (key === undefined) return;
    const name = `${tenant} ${key}`;
    this.#ofKeys.set(name, (this.#ofKeys.get(name) ?? new Set()).add(id));
  }

  /** Ids of all transactions that were made for a tenant's key, through whatever door. */
  madeFor(tenant: string, key: string): readonly string[] {
    return [...(this.#ofKeys.get(`${tenant} ${key}`) ?? [])];
  }

  /** The accrual that was made for a tenant's key. */
  accruedFor(tenant: string, key: string): Accrual | undefined {
    return this.accruals.all().find((one) => one.tenant === tenant && one.metadata?.["key"] === key);
  }

  rowsOf(batch: Batch): ChunkRow[] {
    return chunkPlaces(batch, 0, chunksOf(batch)).flatMap(({ id }) => [...(this.chunks.get(id)?.rows ?? [])]);
  }

  /** The batch that a transaction was made by. */
  batchOf({ batch }: Transaction): Batch | undefined {
    return batch === undefined ? undefined : this.batches.get(batch);
  }

  /** The payout that a transaction carries out. */
  payoutOf({ accruals }: Transaction): Payout | undefined {
    return accruals && this.payouts.get(accruals.payout);
  }

  /** What a payout pays; nothing as long as nothing is decided. */
  accrualsOf(payout: Payout): Accrual[] {
    const ids = isDecided(payout) && payout.decision.kind === "pay" ? paidMembers(payout).map(({ id }) => id) : [];
    return ids.flatMap((id) => this.accruals.get(id) ?? []);
  }

  /** Payouts that were decided to pay an accrual, each with nothing said of whether it did. */
  payoutsOf(accrual: Pick<Accrual, "id">): Payout[] {
    return this.payouts.all().filter((payout) => this.accrualsOf(payout).some(({ id }) => id === accrual.id));
  }
}
