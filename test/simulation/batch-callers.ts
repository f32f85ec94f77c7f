/** Those who order through batches: they bring rows, start, retry and cancel, and add up what they are told. */
import { AddBatchItems, run as addBatchItems } from "../../functions/add-batch-items.ts";
import { run as cancelBatch } from "../../functions/cancel-batch.ts";
import { CreateBatch, run as createBatch } from "../../functions/create-batch.ts";
import { run as getBatch } from "../../functions/get-batch.ts";
import { ListBatchItems, run as listBatchItems } from "../../functions/list-batch-items.ts";
import { run as retryBatch } from "../../functions/retry-batch.ts";
import { run as startBatch } from "../../functions/start-batch.ts";
import { BatchPath } from "../../lib/lambda/batch-input.ts";
import type { BatchAction, BatchPlan, Row } from "./batch-workload.ts";
import type { Evidence } from "./evidence.ts";
import { type Caller, checked, type Gateway, type Heard } from "./gateway.ts";
import type { Insist } from "./insist.ts";
import type { Actor } from "./scheduler.ts";

/** A batch as the API shows it, as far as it is added up here. */
export interface ShownBatch {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly repeated: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly amounts: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** A row as the API shows it. */
export interface ShownItem {
  readonly row: number;
  readonly key: string;
  readonly status: string;
  readonly failure?: { readonly code: string };
  readonly transaction?: { readonly id: string };
}

export interface BatchCallers {
  act(actor: Actor, plan: BatchPlan, action: BatchAction): Promise<void>;
  /** Asks for a batch, and adds it up. */
  watch(actor: Actor, plan: BatchPlan): Promise<ShownBatch | undefined>;
  /** Asks for what became of each row. */
  items(actor: Actor, plan: BatchPlan): Promise<readonly ShownItem[]>;
}

export function openBatchCallers({
  evidence,
  gateway,
  insist,
  start,
}: {
  readonly evidence: Evidence;
  readonly gateway: Gateway;
  readonly insist: Insist;
  /** When the run began. */
  readonly start: number;
}): BatchCallers {
  const accepted = new Map<BatchPlan, string>();
  /** How many rows a batch had when it was shown last. */
  const rowsTold = new Map<string, number>();
  /** Calls that were answered once with the batch. */
  const taken = new Set<string>();

  const addUp = (heard: Heard): ShownBatch | undefined => {
    const shown = heard.body as unknown as ShownBatch | undefined;
    if (!shown) return undefined;
    const detail = wrongIn(shown) ?? lostRow(shown, rowsTold.get(shown.id) ?? 0);
    if (detail) evidence.violate("batch-counts-add-up", `${shown.id}: ${detail}`);
    rowsTold.set(shown.id, shown.rows);
    return shown;
  };

  /** What was taken once is taken whenever it is asked for again. */
  const take = async (actor: Actor, name: string, call: () => Promise<Heard>): Promise<ShownBatch | undefined> => {
    const heard = await insist(actor, call);
    const shown = addUp(heard);
    if (shown) taken.add(name);
    else if (taken.has(name)) evidence.violate("same-key-same-batch", `${name} was taken, and is now ${heard.code}`);
    return shown;
  };

  const create = async (actor: Actor, plan: BatchPlan): Promise<void> => {
    const { name, tenant, key, rows, waits } = plan;
    const body = {
      items: rows.map(itemOf),
      ...(waits === "for a word" && { start: false }),
      ...(typeof waits === "number" && { runAt: new Date(start + waits).toISOString() }),
    };
    const run = checked(CreateBatch, body, createBatch);
    const shown = await take(actor, name, () =>
      gateway.call(actor, "create-batch", run, { tenant, idempotencyKey: key }),
    );
    const id = accepted.get(plan) ?? shown?.id;
    if (shown && shown.id !== id) evidence.violate("same-key-same-batch", `${name} is ${id} and ${shown.id}`);
    if (id !== undefined) accepted.set(plan, id);
  };

  const watch: BatchCallers["watch"] = async (actor, plan) => {
    const id = accepted.get(plan);
    if (id === undefined) return undefined;
    const run = checked(BatchPath, { id }, getBatch);
    const heard = await insist(actor, () => gateway.call(actor, "get-batch", run, { tenant: plan.tenant }));
    if (heard.status !== 200) evidence.violate("accepted-is-there", `${plan.name}: ${heard.status}`);
    return addUp(heard);
  };

  const orders = { start: startBatch, cancel: cancelBatch, retry: retryBatch };

  return {
    watch,
    async items(actor, plan) {
      const run = checked(ListBatchItems, { id: accepted.get(plan) }, listBatchItems);
      const heard = await insist(actor, () => gateway.call(actor, "list-batch-items", run, { tenant: plan.tenant }));
      const { items = [] } = (heard.body ?? {}) as unknown as { readonly items?: readonly ShownItem[] };
      return items;
    },
    async act(actor, plan, { kind, number }) {
      if (kind === "create") return create(actor, plan);
      const id = accepted.get(plan);
      if (id === undefined) return;
      const { name, tenant } = plan;
      const caller: Caller = { tenant, idempotencyKey: `${kind}-${number}` };
      switch (kind) {
        case "watch":
          await watch(actor, plan);
          return;
        case "append": {
          const run = checked(AddBatchItems, { id, items: (plan.more[number] ?? []).map(itemOf) }, addBatchItems);
          await take(actor, `${name}, more ${number}`, () => gateway.call(actor, "add-batch-items", run, caller));
          return;
        }
        case "start":
        case "cancel":
        case "retry": {
          // Refused or not: what becomes of it is in the batch.
          const run = checked(BatchPath, { id }, orders[kind]);
          addUp(await insist(actor, () => gateway.call(actor, `${kind}-batch`, run, caller)));
        }
      }
    },
  };
}

function itemOf({ order: { kind, key, body }, isRival }: Row): object {
  return { kind, key, ...body, ...(isRival && { description: "a rival's wish" }) };
}

function wrongIn({ rows, repeated, counts, amounts }: ShownBatch): string | undefined {
  const sum = sumOf(Object.values(counts));
  if (sum !== rows) return `${rows} rows, and ${sum} of them are counted`;
  if (repeated > rows) return `${repeated} of ${rows} rows are repeated`;
  for (const [currency, { total = 0, ...parts }] of Object.entries(amounts)) {
    const added = sumOf(Object.values(parts));
    if (added !== total) return `${total} ${currency}, and ${added} of them are told`;
  }
  return undefined;
}

function lostRow({ rows }: ShownBatch, before: number): string | undefined {
  return rows < before ? `it had ${before} rows, and has ${rows}` : undefined;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
