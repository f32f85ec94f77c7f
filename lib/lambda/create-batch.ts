/** Takes a batch: its rows are checked and stored, and then one write makes them a batch. */
import { type Batch, batchId } from "../domain/batch.ts";
import { fingerprint } from "../domain/ids.ts";
import type { BatchStore, ChunkStore } from "../store/batches.ts";
import { reused } from "./accept.ts";
import { assertFits, storePart } from "./batch-part.ts";
import { checkRows, type RowsDependencies } from "./batch-rows.ts";
import { type WakeDependencies, wakeBatch } from "./batch-wake.ts";
import type { Call } from "./endpoint.ts";

export interface CreateBatchDependencies extends RowsDependencies, WakeDependencies {
  readonly batches: BatchStore & ChunkStore;
}

export interface BatchRequest {
  readonly items: readonly unknown[];
  readonly name?: string;
  /** ISO 8601, in UTC. */
  readonly runAt?: string;
  readonly start?: boolean;
}

export interface Taken {
  readonly batch: Batch;
  /** Whether an earlier call with this key made it. */
  readonly replayed: boolean;
}

/**
 *   rows checked ── chunks ── record ── woken ── answer
 *                   │         └ the batch is there: a repeat is answered with it, the schedule finds it
 *                   └ rows of nobody: a repeat writes the same ones, and goes on
 *
 * @throws VisibleError validation_failed with every wrong row; idempotency_key_reused
 */
export async function createBatch(
  request: BatchRequest,
  dependencies: CreateBatchDependencies,
  { tenant, idempotencyKey: key }: Pick<Call, "tenant" | "idempotencyKey">,
): Promise<Taken> {
  const { batches, now } = dependencies;
  const id = batchId(tenant, key);
  const print = fingerprint(request);
  const present = await batches.get(id);
  if (present) return replay(present, print);

  const rows = await checkRows(request.items, tenant, dependencies);
  const batch = newBatch({ id, tenant, print, request, now: now() });
  const call = { batch: id, operation: "create", key, fingerprint: print } as const;
  const brought = rows.length > 0 ? await storePart(rows, call, batches) : undefined;
  if (brought) assertFits(batch, brought);
  const published = brought ? { ...batch, parts: [brought.part], amounts: brought.amounts } : batch;
  if (await batches.create(published)) {
    if (published.dueAt && published.dueAt <= now().toISOString()) await wakeBatch(id, dependencies);
    return { batch: published, replayed: false };
  }
  // Another call with this key was faster, or it was this one, and its answer was lost.
  return replay((await batches.get(id)) ?? published, print);
}

function replay(batch: Batch, print: string): Taken {
  if (batch.fingerprint !== print) throw reused();
  return { batch, replayed: true };
}

interface Beginning {
  readonly id: string;
  readonly tenant: string;
  readonly print: string;
  readonly request: BatchRequest;
  readonly now: Date;
}

function newBatch({ id, tenant, print, request: { items, name, runAt, start }, now }: Beginning): Batch {
  const createdAt = now.toISOString();
  const isLater = runAt !== undefined && runAt > createdAt;
  const isOpen = start === false || (items.length === 0 && runAt === undefined);
  return {
    id,
    tenant,
    ...(name !== undefined && { name }),
    ...(runAt !== undefined && { runAt }),
    parts: [],
    amounts: {},
    fingerprint: print,
    createdAt,
    loaded: 0,
    swept: 0,
    turns: {},
    retries: [],
    retried: 0,
    retriedChunks: 0,
    revision: 0,
    ...(isOpen
      ? { status: "open" as const }
      : isLater
        ? { status: "scheduled" as const, dueAt: runAt }
        : { status: "running" as const, startedAt: createdAt, dueAt: createdAt }),
  };
}
