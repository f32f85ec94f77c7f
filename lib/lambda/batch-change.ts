/** Carries out a change on a batch: read, change, store, and once more where somebody else was faster. */

import type { Batch } from "../domain/batch.ts";
import { type Change, isClosed } from "../domain/batch-changes.ts";
import { VisibleError } from "../domain/errors.ts";
import type { BatchStore } from "../store/batches.ts";

export interface Changed {
  /** As it stands now. */
  readonly batch: Batch;
  /** Whether there was anything to change. */
  readonly changed: boolean;
}

/** Undefined: there is no such batch. The change is asked anew each time, so it may look at what it finds. */
export async function changeBatch(
  id: string,
  change: Change,
  batches: Pick<BatchStore, "get" | "replace">,
): Promise<Changed | undefined> {
  for (;;) {
    const batch = await batches.get(id);
    if (!batch) return undefined;
    const next = change(batch);
    if (!next) return { batch, changed: false };
    const stored = await batches.replace(next);
    if (stored) return { batch: stored, changed: true };
  }
}

/** The same for a tenant's call. @throws VisibleError not_found, also where it is another tenant's */
export async function changeOwnBatch(
  { id, tenant }: { readonly id: string; readonly tenant: string },
  change: Change,
  batches: Pick<BatchStore, "get" | "replace">,
): Promise<Changed> {
  const changed = await changeBatch(id, (batch) => change(owned(batch, { id, tenant })), batches);
  return { batch: owned(changed?.batch, { id, tenant }), changed: changed?.changed ?? false };
}

/** @throws VisibleError not_found */
export function owned(
  batch: Batch | undefined,
  { id, tenant }: { readonly id: string; readonly tenant: string },
): Batch {
  // Another tenant's batch does not exist.
  if (batch?.tenant !== tenant) throw new VisibleError("not_found", `There is no batch "${id}".`);
  return batch;
}

/** @throws VisibleError batch_closed */
export function assertOpen(batch: Batch): void {
  if (!isClosed(batch)) return;
  throw new VisibleError("batch_closed", `This batch is ${batch.status}: make another one.`);
}
