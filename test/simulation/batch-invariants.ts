/** What must hold of batches at every moment, and of a key that comes through several doors. */
import type { Batch, BatchStatus } from "../../lib/domain/batch.ts";
import type { ChunkState } from "../../lib/domain/chunk-state.ts";
import { isFinal, type Transaction } from "../../lib/domain/transaction.ts";
import type { Evidence, Invariants, Send, Write } from "./evidence.ts";

export interface Written<Item> {
  readonly before: Item | undefined;
  readonly after: Item;
}

/** What a batch may become. */
const successors: Readonly<Record<BatchStatus, readonly BatchStatus[]>> = {
  open: ["running", "canceled"],
  scheduled: ["running", "canceled"],
  running: ["done", "canceling"],
  done: ["running"],
  canceling: ["canceled"],
  canceled: [],
};

/** Asked whenever a batch was written. */
export const onBatch: Invariants<Written<Batch>> = {
  "batches-go-forward": ({ before, after }) => {
    if (!before) return undefined;
    const { id, status, parts, loaded, swept, retried, retries } = after;
    if (status !== before.status && !successors[before.status].includes(status)) {
      return `${id} went from ${before.status} to ${status}`;
    }
    const isLess = [
      loaded < before.loaded,
      swept < before.swept,
      retried < before.retried,
      retries.length < before.retries.length,
      before.parts.some((part, place) => parts[place]?.id !== part.id),
    ].some(Boolean);
    return isLess ? `${id} forgot something of what was done, or of its rows` : undefined;
  },
  "batches-in-motion-are-due": ({ after: { id, status, dueAt } }) => {
    const mustBeDue = status === "running" || status === "canceling" || status === "scheduled";
    return mustBeDue && dueAt === undefined ? `${id} is ${status}, and nobody will look at it` : undefined;
  },
  "batches-end-at-rest": ({ before, after }, evidence) => {
    const { id, tenant, status } = after;
    if (before?.status === status || (status !== "done" && status !== "canceled")) return undefined;
    const moving = [...evidence.transactions.values()].find((one) => one.batch === id && !isAtRest(one));
    if (moving) return `${id} is ${status}, and its ${moving.id} is ${moving.status}`;
    if (before?.status === "open" || before?.status === "scheduled") return undefined;
    const { doors } = evidence;
    const unmade = doors
      .rowsOf(after)
      .find(({ key }) => doors.madeFor(tenant, key).length === 0 && !doors.accruedFor(tenant, key));
    return unmade && `${id} is ${status}, and nothing was made of its row ${unmade.key}`;
  },
};

/** Asked whenever what was seen of a batch's rows was written. */
export const onRowsSeen: Invariants<Written<ChunkState>> = {
  "retried-only-what-failed": ({ before, after }, evidence) => {
    const { rows = [], tenant } = ownerOf(after, evidence);
    for (const [place, { key }] of rows.entries()) {
      const generation = after.generations[place] ?? 0;
      if (generation <= (before?.generations[place] ?? 0)) continue;
      // Another batch may have retried the same key before, and made the very transaction that this one will find.
      const tried = evidence.doors.madeFor(tenant, key).slice(0, generation);
      if (tried.length < generation) return `${key} is retried, and was not tried before`;
      const id = tried.find((one) => evidence.transactions.get(one)?.status !== "failed" || evidence.moves(one));
      if (id !== undefined) return `${key} is retried, and ${id} is ${evidence.transactions.get(id)?.status}`;
    }
    return undefined;
  },
  "nothing-is-retried-in-a-closed-batch": ({ before, after }) =>
    before?.closed && JSON.stringify(before.generations) !== JSON.stringify(after.generations)
      ? `rows of ${after.id} are retried, and it was closed`
      : undefined,
};

/** Asked whenever a transaction was written. */
export const onRowWrite: Invariants<Write> = {
  "a-key-is-one-transaction": ({ before, after }, evidence) => {
    const key = after.metadata?.["key"];
    if (before || key === undefined) return undefined;
    const other = othersThanFailed(evidence, after.tenant, key).find(({ id }) => id !== after.id);
    if (other) return `${after.id} was made for ${key}, and ${other.id} is ${other.status}`;
    const accrual = evidence.doors.accruedFor(after.tenant, key);
    return accrual && `${after.id} was made for ${key}, and so was ${accrual.id}`;
  },
  "canceled-batches-stay-still": ({ before, after }, evidence) => {
    if (evidence.doors.batchOf(after)?.status !== "canceled") return undefined;
    if (!before && after.status !== "canceled") return `${after.id} began in ${after.batch}, which is canceled`;
    const isSent = after.attempts > (before?.attempts ?? 0);
    return isSent ? `${after.id} is sent, and ${after.batch} was canceled` : undefined;
  },
};

/** Asked when a provider has carried out a request to move money. */
export const onRowArrival: Invariants<Send> = {
  "moved-at-most-once-for-a-key": ({ transactionId, moved }, evidence) => {
    const { tenant = "", metadata } = evidence.transactions.get(transactionId) ?? {};
    const key = metadata?.["key"];
    if (moved.length === 0 || key === undefined) return undefined;
    const [one, other] = movedFor(evidence, tenant, key);
    return other && `${one} and ${other} moved the money of ${key}`;
  },
};

/** Nothing more comes of it without an operator. */
function isAtRest({ status }: Transaction): boolean {
  return isFinal(status) || status === "needs_review";
}

function othersThanFailed({ doors, transactions }: Evidence, tenant: string, key: string): Transaction[] {
  return doors
    .madeFor(tenant, key)
    .flatMap((id) => transactions.get(id) ?? [])
    .filter(({ status }) => status !== "failed");
}

function movedFor(evidence: Evidence, tenant: string, key: string): string[] {
  return evidence.doors.madeFor(tenant, key).filter((id) => evidence.moves(id));
}

function ownerOf({ id }: ChunkState, { doors }: Evidence) {
  const batch = doors.batches.all().find((one) => id.startsWith(`${one.id}#`));
  return { tenant: batch?.tenant ?? "", rows: doors.chunks.get(id)?.rows };
}
