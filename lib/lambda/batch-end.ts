/** Tells of a batch's end: on the bus, and to the webhook endpoints of its tenant. */
import type { Batch, End } from "../domain/batch.ts";
import { told } from "../domain/batch-changes.ts";
import { type BatchEventName, wants } from "../domain/webhook-endpoint.ts";
import type { BatchStore } from "../store/batches.ts";
import { changeBatch } from "./batch-change.ts";
import { presentRecord } from "./batch-present.ts";
import { type Totals, type TotalsDependencies, totalsOf } from "./batch-totals.ts";
import { errorFields, log } from "./log.ts";
import { bodyOf, deliveryTo } from "./webhook-message.ts";
import { type RecordDependencies, recordFor } from "./webhook-record.ts";

export interface EndDependencies extends RecordDependencies, TotalsDependencies {
  readonly batches: TotalsDependencies["batches"] & Pick<BatchStore, "get" | "replace">;
  readonly now: () => Date;
}

interface BatchEvent {
  readonly event: BatchEventName;
  readonly at: string;
  readonly detail: BatchEventDetail;
}

/** What is told. The id is the batch and its revision at the end, so a consumer knows a repeat, and an older end. */
export interface BatchEventDetail {
  readonly version: 1;
  readonly id: string;
  readonly tenant: string;
  readonly batch: ReturnType<typeof shownEnd>;
}

/**
 * At least once: an end is stored with the batch until it was told, so whoever dies in between is followed by another, who
 * tells it again under the same id. Where nobody can be told now, the batch goes on, and stays due.
 */
export async function tellEnds(batch: Batch, dependencies: EndDependencies): Promise<void> {
  const { untold = [] } = batch;
  if (untold.length === 0) return;
  try {
    const totals = await totalsOf(batch, dependencies);
    for (const end of untold) await tell(eventOf(batch, end, totals), dependencies);
    await changeBatch(batch.id, told(untold), dependencies.batches);
  } catch (error) {
    log("warn", "end of batch not told", { batch: batch.id, ...errorFields(error) });
  }
}

async function tell(event: BatchEvent, dependencies: EndDependencies): Promise<void> {
  const { event: name, at, detail } = event;
  await dependencies.events.publish([{ type: `moneyback.${name}`, at, detail }]);
  const about = { batch: detail.batch.id, body: bodyOf(event) };
  await recordFor(
    detail.tenant,
    (endpoints) => {
      const wanted = endpoints.filter((endpoint) => wants(endpoint, name));
      return Promise.all(
        wanted.map(async (endpoint) => {
          await dependencies.deliveries.create(deliveryTo(endpoint, event, about));
          return endpoint.id;
        }),
      );
    },
    dependencies,
  );
}

function eventOf(batch: Batch, end: End, totals: Totals): BatchEvent {
  return {
    event: `batch.${end.status}`,
    at: end.at,
    detail: {
      version: 1,
      id: `${batch.id}.${end.revision}`,
      tenant: batch.tenant,
      batch: shownEnd(batch, end, totals),
    },
  };
}

/** As the API shows it, without what changes with each look. */
function shownEnd(batch: Batch, { status, at }: End, { rows, repeated, counts, amounts }: Totals) {
  return { ...presentRecord({ ...batch, status, endedAt: at }, rows), repeated, counts, amounts };
}
