/** A service that takes batches as the API does, in memory: its rows end as their keys say, a few with each look. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Item {
  readonly kind: string;
  readonly key: string;
  readonly amount?: { readonly value: number; readonly currency: string };
}

interface StoredBatch {
  readonly id: string;
  readonly name: string | undefined;
  readonly runAt: string | undefined;
  status: string;
  isBegun: boolean;
  readonly items: Item[];
  /** How many rows are over. */
  over: number;
}

interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Record<string, string>;
}

/** A lost call never arrived; of a lost answer the service has done what was asked. */
export type Fault = "lost call" | "lost answer";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly body: Record<string, unknown> | undefined;
}

export type BatchService = Awaited<ReturnType<typeof startBatchService>>;

export async function startBatchService() {
  const batches: StoredBatch[] = [];
  const calls = new Map<string, { readonly print: string; readonly batch: StoredBatch }>();
  const service = {
    url: "",
    received: [] as Received[],
    /** Rows that end with each look. */
    rowsPerLook: Number.POSITIVE_INFINITY,
    /** Keys of rows that are refused, with what for. */
    refused: new Map<string, { field: string; message: string }>(),
    /** What happens to the call of this number, counted from 0. */
    faults: new Map<number, Fault>(),
    batches,
    reset(): void {
      batches.length = 0;
      calls.clear();
      Object.assign(service, {
        received: [],
        rowsPerLook: Number.POSITIVE_INFINITY,
        refused: new Map(),
        faults: new Map(),
      });
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };

  const server = createServer(async (request, response) => {
    const received = await receivedFrom(request);
    const fault = service.faults.get(service.received.push(received) - 1);
    if (fault === "lost call") return void request.socket.destroy();
    const { status, body, headers } = answerTo(received);
    if (fault === "lost answer") return void request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  });

  function answerTo({ method, path, key = "", body = {} }: Received): Answer {
    const [, , , id, part] = new URL(path, "http://service").pathname.split("/");
    const query = new URL(path, "http://service").searchParams;
    if (id === undefined) return method === "POST" ? create(key, body) : listed(query);
    const batch = batches.find((one) => one.id === id);
    if (!batch) return problem(404, "not_found", "There is no such batch.");
    if (method === "GET") return part === "items" ? rowsOf(batch, query) : looked(batch);
    return change(batch, part ?? "", key, body);
  }

  function create(key: string, body: Record<string, unknown>): Answer {
    const items = (body["items"] ?? []) as Item[];
    const wrong = wrongRows(items);
    if (wrong) return wrong;
    if (body["dryRun"]) return dryRun(items);
    const print = printOf(body);
    const before = calls.get(key);
    if (before)
      return before.print === print ? shown(before.batch, true) : problem(422, "idempotency_key_reused", "Reused.");
    const runAt = body["runAt"] as string | undefined;
    const status = runAt ? "scheduled" : body["start"] === false ? "open" : "running";
    const name = body["name"] as string | undefined;
    const id = `bat_${batches.length + 1}`;
    const batch: StoredBatch = { id, name, runAt, status, isBegun: status === "running", items: [...items], over: 0 };
    batches.push(batch);
    calls.set(key, { print, batch });
    return shown(batch);
  }

  function change(batch: StoredBatch, what: string, key: string, body: Record<string, unknown>): Answer {
    if (calls.has(key)) return shown(batch, true);
    if (batch.status === "canceled" && what !== "cancel") return problem(409, "batch_closed", "It is canceled.");
    const items = (body["items"] ?? []) as Item[];
    const wrong = wrongRows(items);
    if (wrong) return wrong;
    calls.set(key, { print: printOf(body), batch });
    if (what === "items") batch.items.push(...items);
    if (what === "start" && ["open", "scheduled"].includes(batch.status)) {
      Object.assign(batch, { status: "running", isBegun: true });
    }
    if (what === "cancel") batch.status = "canceled";
    return shown(batch);
  }

  function wrongRows(items: readonly Item[]): Answer | undefined {
    const errors = items.flatMap(({ key }, at) => {
      const why = service.refused.get(key);
      return why ? [{ row: at + 1, path: `items.${at}.${why.field}`, message: why.message }] : [];
    });
    return errors.length > 0 ? problem(400, "validation_failed", "Rows are not valid.", { errors }) : undefined;
  }

  function looked(batch: StoredBatch): Answer {
    if (batch.status === "running") {
      batch.over = Math.min(batch.items.length, batch.over + service.rowsPerLook);
      if (batch.over === batch.items.length) batch.status = "done";
    }
    return shown(batch);
  }

  function listed(query: URLSearchParams): Answer {
    return page([...batches].reverse().map(recordOf), query);
  }

  function rowsOf(batch: StoredBatch, query: URLSearchParams): Answer {
    const rows = batch.items.map((item, at) => {
      const status = statusOf(batch, at, item.key);
      const failure = status === "failed" ? { code: "insufficient_funds", message: "=too little; sorry" } : undefined;
      const transaction = { id: `txn_${item.key}`, amount: item.amount, status };
      return { row: at + 1, kind: item.kind, key: item.key, status, ...(failure && { failure }), transaction };
    });
    return page(
      rows.filter(({ status }) => [null, status].includes(query.get("status"))),
      query,
    );
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return service;
}

async function receivedFrom(request: IncomingMessage): Promise<Received> {
  const { method = "", url: path = "", headers } = request;
  let text = "";
  for await (const piece of request.setEncoding("utf8")) text += piece;
  const key = headers["idempotency-key"] as string | undefined;
  return { method, path, key, body: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>) };
}

function statusOf({ status, over }: StoredBatch, at: number, key: string): string {
  if (at >= over) return status === "canceled" ? "canceled" : "pending";
  if (key.startsWith("fail")) return "failed";
  return key.startsWith("review") ? "needs_review" : "succeeded";
}

/** What a list shows. */
function recordOf({ id, name, status, items, runAt, isBegun }: StoredBatch): object {
  const createdAt = "2026-11-20T09:30:00.000Z";
  const times = { ...(runAt && { runAt }), createdAt, ...(isBegun && { startedAt: createdAt }) };
  return { id, ...(name && { name }), status, rows: items.length, ...times };
}

function viewOf(batch: StoredBatch): object {
  const { items } = batch;
  const counts: Record<string, number> = {
    ...{ pending: 0, processing: 0, succeeded: 0, failed: 0, canceled: 0, needs_review: 0 },
  };
  const amounts: Record<string, Record<string, number>> = {};
  for (const [at, { key, amount }] of items.entries()) {
    const of = statusOf(batch, at, key);
    counts[of] = (counts[of] ?? 0) + 1;
    if (!amount) continue;
    const sums = amounts[amount.currency] ?? {};
    for (const name of ["total", of]) sums[name] = (sums[name] ?? 0) + amount.value;
    amounts[amount.currency] = sums;
  }
  return { ...recordOf(batch), repeated: 0, counts, amounts };
}

function shown(batch: StoredBatch, isReplayed = false): Answer {
  return { status: 202, body: viewOf(batch), ...(isReplayed && { headers: { "idempotent-replayed": "true" } }) };
}

function dryRun(items: readonly Item[]): Answer {
  const verdictOf = (key: string): string => (key.startsWith("fail") ? "refused" : "accepted");
  const verdicts = items.map(({ kind, key }, at) => ({
    ...{ row: at + 1, kind, key, verdict: verdictOf(key) },
    ...(verdictOf(key) === "refused" && {
      code: "refund_exceeds_remaining",
      detail: "Only 500 USD (minor units) are left.",
    }),
  }));
  const refused = verdicts.filter(({ verdict }) => verdict === "refused").length;
  const counts = { accepted: items.length - refused, repeated: 0, refused, unchecked: 0 };
  const sumOf = (among: readonly Item[]): number => among.reduce((sum, { amount }) => sum + (amount?.value ?? 0), 0);
  const failing = sumOf(items.filter(({ key }) => verdictOf(key) === "refused"));
  const total = sumOf(items);
  const sums = { total, accepted: total - failing, ...(failing > 0 && { refused: failing }) };
  return {
    status: 200,
    body: { dryRun: true, rows: items.length, counts, amounts: { USD: sums }, items: verdicts },
  };
}

function page(items: readonly object[], query: URLSearchParams): Answer {
  const from = Number(query.get("cursor") ?? 0);
  const to = from + Number(query.get("limit") ?? 25);
  return { status: 200, body: { items: items.slice(from, to), ...(to < items.length && { cursor: String(to) }) } };
}

function problem(status: number, code: string, detail: string, members: object = {}): Answer {
  return { status, body: { status, code, detail, ...members } };
}

function printOf(body: object): string {
  return createHash("sha256").update(JSON.stringify(body)).digest("hex");
}
