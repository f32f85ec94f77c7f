/** Delivers a batch of a stream's records as a Lambda event source mapping does: halved while it fails, and the one record that never passes put aside. */
import { setTimeout } from "node:timers/promises";
import type { DynamoDBRecord } from "aws-lambda";

/** The waits before a failing record comes again: they begin with this and grow to that. */
const retryMsMin = 100;
const retryMsMax = 5_000;

/** About a minute, with these waits. On AWS a record is tried for hours: somebody who watches does not wait so long. */
const triesMax = 20;

/** A record that was put aside. */
export interface RecordFailure {
  readonly record: DynamoDBRecord;
  readonly tries: number;
}

export interface StreamDelivery {
  readonly deliver: (event: { Records: DynamoDBRecord[] }) => Promise<unknown>;
  /** Takes a record that failed each time. What is behind it goes on once this returns. */
  readonly putAside: (failure: RecordFailure) => void;
  readonly onError: (error: unknown) => void;
  readonly stopping: AbortSignal;
  /** Waits that long, or until `stopping`. */
  readonly pause?: (ms: number) => Promise<unknown>;
}

/**
 * In order: nothing is delivered before what is in front of it was taken or put aside.
 *
 *   1 2 3 4 ✗ ─▶ 1 2 ✓ ─▶ 3 4 ✗ ─▶ 3 ✗ ✗ … put aside ─▶ 4 ✓
 *
 * False where `stopping` came before all of it was dealt with: then the batch comes again with the next run.
 */
export async function deliverInOrder(records: DynamoDBRecord[], delivery: StreamDelivery): Promise<boolean> {
  if (records.length === 1) return deliverAlone(records, delivery);
  if (delivery.stopping.aborted) return false;
  if (await isTaken(records, delivery)) return true;
  const middle = Math.ceil(records.length / 2);
  return (
    (await deliverInOrder(records.slice(0, middle), delivery)) &&
    (await deliverInOrder(records.slice(middle), delivery))
  );
}

async function deliverAlone(records: DynamoDBRecord[], delivery: StreamDelivery): Promise<boolean> {
  const { stopping, putAside } = delivery;
  const { pause = (ms) => setTimeout(ms, undefined, { signal: stopping }).catch(() => undefined) } = delivery;
  let waitMs = retryMsMin;
  for (let tries = 1; !stopping.aborted; tries += 1) {
    if (await isTaken(records, delivery)) return true;
    if (tries === triesMax) {
      for (const record of records) putAside({ record, tries });
      return true;
    }
    await pause(waitMs);
    waitMs = Math.min(waitMs * 2, retryMsMax);
  }
  return false;
}

async function isTaken(Records: DynamoDBRecord[], { deliver, onError, stopping }: StreamDelivery): Promise<boolean> {
  try {
    await deliver({ Records });
    return true;
  } catch (error) {
    if (!stopping.aborted) onError(error);
    return false;
  }
}
