/** Batches as the API shows them, and the calls that are made about them. */
import type { Kind, Status } from "../../lib/domain/transaction.ts";
import type { ApiCall, Reply } from "../api.ts";
import type { Context } from "../context.ts";
import type { ShownTransaction } from "../transaction-text.ts";

/** What a list shows of one. */
export interface ListedBatch {
  readonly id: string;
  readonly name?: string;
  readonly status: "open" | "scheduled" | "running" | "done" | "canceling" | "canceled";
  readonly rows: number;
  readonly runAt?: string;
  readonly createdAt: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface Batch extends ListedBatch {
  /** Rows whose keys stood for a transaction before. */
  readonly repeated: number;
  /** They add up to `rows`. */
  readonly counts: Readonly<Record<Status, number>>;
  /** Minor units, by currency. */
  readonly amounts: Readonly<Record<string, Readonly<Partial<Record<Status | "total", number>>>>>;
  readonly rate?: { readonly rowsPerSecond: number };
  readonly expectedEndAt?: string;
  readonly cost?: { readonly dollars: string; readonly transactions: number };
}

/** A row of a batch, and what became of it. */
export interface ShownRow {
  /** Over the whole batch, from 1. */
  readonly row: number;
  readonly kind: Kind;
  readonly key: string;
  readonly status: Status;
  readonly repeated?: boolean;
  readonly failure?: { readonly code: string; readonly message: string };
  /** Absent until the row has become one. */
  readonly transaction?: ShownTransaction;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
}

/** The most rows that a page may have: fewer calls for all. */
export const pageMax = "100";

/** What a call that brings thousands of rows may take beyond a usual one. */
const rowsWaitSeconds = 30;

/** `/v1/batches` and what lies below it. */
export function batchPath(id: string, part = ""): string {
  return `/v1/batches/${encodeURIComponent(id)}${part}`;
}

export async function readBatch(id: string, context: Context): Promise<Batch> {
  const api = await context.api();
  return (await api.call<Batch>({ method: "GET", path: batchPath(id) })).body;
}

export async function readRows(
  id: string,
  query: Readonly<Record<string, string | undefined>>,
  context: Context,
): Promise<Page<ShownRow>> {
  const api = await context.api();
  return (await api.call<Page<ShownRow>>({ method: "GET", path: batchPath(id, "/items"), query })).body;
}

export type BatchChange = "start" | "cancel" | "retry";

/** @param key repeats the call where the answer may have been lost */
export async function changeBatch(id: string, change: BatchChange, key: string, context: Context): Promise<Batch> {
  return (await post<Batch>(batchPath(id, `/${change}`), key, context)).body;
}

export async function addRows(id: string, items: readonly unknown[], key: string, context: Context): Promise<Batch> {
  return (await post<Batch>(batchPath(id, "/items"), key, context, { items })).body;
}

/** A batch, or where `dryRun` says so the word on what it would be. */
export function postBatch<Body>(body: object, key: string, context: Context): Promise<Reply<Body>> {
  return post<Body>("/v1/batches", key, context, body);
}

async function post<Body>(path: string, key: string, context: Context, body?: object): Promise<Reply<Body>> {
  const call: ApiCall = {
    method: "POST",
    path,
    headers: { "idempotency-key": key },
    ...(body && { body, waitSeconds: rowsWaitSeconds }),
  };
  const api = await context.api();
  return api.call<Body>(call);
}
