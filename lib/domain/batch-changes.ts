/** What changes a batch, as functions of the one before. Undefined: there is nothing to change, so a change may be asked for again. */
import { type Batch, type Brought, chunksOf, type End } from "./batch.ts";
import { plus } from "./batch-cost.ts";

/** When to tell again where nobody could be told of an end. */
const tellAgainMs = 60_000;

export type Change = (batch: Batch) => Batch | undefined;

/** Whether it takes rows, a start or a retry. */
export function isClosed({ status }: Pick<Batch, "status">): boolean {
  return status === "canceling" || status === "canceled";
}

/** Appends the rows of a call. What is running goes on with them, and what was done is running again. */
export function withPart({ part, amounts }: Brought, now: Date): Change {
  return (batch) => {
    if (isClosed(batch) || batch.parts.some(({ id }) => id === part.id)) return undefined;
    const longer = { ...batch, parts: [...batch.parts, part], amounts: { ...plus(batch.amounts, amounts) } };
    return batch.status === "running" || batch.status === "done" ? goingOn(batch, longer, now) : longer;
  };
}

/** Begins now, whether it was to wait for its time or for this word. */
export function begun(now: Date): Change {
  return (batch) =>
    batch.status === "open" || batch.status === "scheduled"
      ? { ...batch, status: "running", startedAt: now.toISOString(), dueAt: now.toISOString() }
      : undefined;
}

/** Asks for another try of what failed. Before it began nothing has. */
export function withRetry(id: string, now: Date): Change {
  return (batch) => {
    if (batch.status !== "running" && batch.status !== "done") return undefined;
    if (batch.retries.some((retry) => retry.id === id)) return undefined;
    return goingOn(batch, { ...batch, retries: [...batch.retries, { id, at: now.toISOString() }] }, now);
  };
}

/** Cancels what was not sent: at once where nothing has begun, so that nothing need be made to be canceled. */
export function canceledFrom(now: Date): Change {
  return (batch) => {
    switch (batch.status) {
      case "open":
      case "scheduled":
        return over(batch, { status: "canceled", at: now.toISOString() }, now);
      case "running":
        return { ...batch, status: "canceling", dueAt: now.toISOString() };
      case "done":
      case "canceling":
      case "canceled":
        return undefined;
    }
  };
}

export interface Lease {
  readonly until: Date;
  /** Who has it. */
  readonly by: string;
}

/** Takes the work on it. Refused while somebody else has it, and where nothing is due. */
export function leased(now: Date, { until, by }: Lease): Change {
  return (batch) => {
    const at = now.toISOString();
    if (!batch.dueAt || batch.dueAt > at || (batch.leaseUntil && batch.leaseUntil > at)) return undefined;
    // Due again when the lease ends: whoever dies holding it is followed by the next one.
    const held = { ...batch, leaseUntil: until.toISOString(), leaseBy: by, dueAt: until.toISOString() };
    return batch.status === "scheduled" ? { ...held, status: "running", startedAt: at } : held;
  };
}

/** The same lease for longer. Another's is left as it is. */
export function renewed(batch: Batch, { until, by }: Lease): Batch {
  if (!isHeldBy(batch, by)) return batch;
  return { ...batch, leaseUntil: until.toISOString(), dueAt: until.toISOString() };
}

/** Whether the lease is still his: nobody has taken the batch over. */
export function isHeldBy({ leaseUntil, leaseBy }: Pick<Batch, "leaseUntil" | "leaseBy">, by: string): boolean {
  return leaseUntil !== undefined && leaseBy === by;
}

/** How far somebody got. What another one got further is not taken back. */
export type Headway = Partial<Pick<Batch, "loaded" | "swept" | "retried" | "retriedChunks">> & Pick<Batch, "turns">;

export function withHeadway(headway: Headway): Change {
  return (batch) => {
    const retried = Math.max(batch.retried, headway.retried ?? 0);
    // Chunks of a retry that another one has brought to its end count no more.
    const isSameRetry = retried === (headway.retried ?? 0);
    const before = retried === batch.retried ? batch.retriedChunks : 0;
    return {
      ...batch,
      loaded: Math.max(batch.loaded, headway.loaded ?? 0),
      swept: Math.max(batch.swept, headway.swept ?? 0),
      retried,
      retriedChunks: Math.max(before, isSameRetry ? (headway.retriedChunks ?? 0) : 0),
      turns: later(batch.turns, headway.turns),
    };
  };
}

/** Gives the work back after something went wrong, to be gone on with at that time. What another one has is his. */
export function givenUp(by: string, at: Date): Change {
  return (batch) => {
    if (!isHeldBy(batch, by)) return undefined;
    const { leaseUntil: _mine, leaseBy: _by, ...rest } = batch;
    return { ...rest, dueAt: at.toISOString() };
  };
}

/** What a look through a batch's rows tells of them together. */
export interface Sight {
  /** When to look again. Absent: every row that was loaded is at rest. */
  readonly lookAt?: string;
  /** When the last of the rows at rest came there. Absent: none of its own has. */
  readonly restAt?: string;
}

/** Gives the work back. Where every row is at rest that ends it, as of the last row, unless something has come since. */
export function released(by: string, { lookAt, restAt = "" }: Sight, now: Date): Change {
  return (batch) => {
    if (!isHeldBy(batch, by)) return undefined;
    const { leaseUntil: _mine, leaseBy: _by, dueAt: _due, ...rest } = batch;
    if (hasWork(batch)) return { ...rest, dueAt: now.toISOString() };
    if (lookAt !== undefined) return { ...rest, dueAt: lookAt };
    // Of rows that were all there before, nothing tells when this batch had them.
    const at = restAt >= batch.createdAt ? restAt : now.toISOString();
    switch (batch.status) {
      case "running":
        return over(rest, { status: "done", at }, now);
      case "canceling":
        return over(rest, { status: "canceled", at }, now);
      case "open":
      case "scheduled":
      case "done":
      case "canceled":
        return batch.untold ? { ...rest, dueAt: new Date(now.getTime() + tellAgainMs).toISOString() } : rest;
    }
  };
}

/** Whether there are chunks to go through: to load, to retry, or to cancel. */
export function hasWork(batch: Batch): boolean {
  const chunks = chunksOf(batch);
  if (batch.status === "canceling") return batch.swept < chunks;
  return batch.status === "running" && (batch.loaded < chunks || batch.retried < batch.retries.length);
}

/** Forgets ends that the tenant was told of. With the last of them nothing is due about a batch that is over. */
export function told(ends: readonly End[]): Change {
  return ({ untold = [], ...batch }) => {
    const left = untold.filter(({ revision }) => ends.every((end) => end.revision !== revision));
    if (left.length === untold.length) return undefined;
    if (left.length > 0) return { ...batch, untold: left };
    if (batch.leaseUntil || (batch.status !== "done" && batch.status !== "canceled")) return batch;
    const { dueAt: _told, ...atRest } = batch;
    return atRest;
  };
}

/** Due at once: the tenant is told of it, whoever dies meanwhile. */
function over(batch: Batch, { status, at }: Pick<End, "status" | "at">, now: Date): Batch {
  // A change is made from the revision that was read, or not at all: this is the one that it makes.
  const end = { revision: batch.revision + 1, status, at };
  return { ...batch, status, endedAt: at, untold: [...(batch.untold ?? []), end], dueAt: now.toISOString() };
}

/** `after` is `before` with something more to do. */
function goingOn(before: Batch, { endedAt: _over, ...after }: Batch, now: Date): Batch {
  const at = now.toISOString();
  const resumed = { at, chunks: chunksOf(before), retries: before.retries.length };
  return { ...after, status: "running", dueAt: at, ...(before.status === "done" && { resumed }) };
}

function later(one: Batch["turns"], other: Batch["turns"]): Batch["turns"] {
  const latest = new Map(Object.entries(one));
  for (const [connection, at] of Object.entries(other)) {
    if (at > (latest.get(connection) ?? "")) latest.set(connection, at);
  }
  return Object.fromEntries(latest);
}
