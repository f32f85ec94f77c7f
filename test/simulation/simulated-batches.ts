/** The in-memory stores of batches and of what pays accruals, watched: whatever is written to them becomes evidence. */
import type { Batch } from "../../lib/domain/batch.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import type {
  AccrualLists,
  AccrualStore,
  CashbackRunStore,
  CashbackScheduleStore,
  PayoutStore,
} from "../../lib/store/accruals.ts";
import type { BatchStore, ChunkStore } from "../../lib/store/batches.ts";
import {
  memoryAccruals,
  memoryCashbackRuns,
  memoryCashbackSchedules,
  memoryPayouts,
} from "../../lib/store/memory-accruals.ts";
import { memoryBatches } from "../../lib/store/memory-batches.ts";
import { memoryWebhookDeliveries } from "../../lib/store/memory-webhooks.ts";
import type { WebhookDeliveryStore, WebhookEndpointStore } from "../../lib/store/webhooks.ts";
import { onAccrual, onPayout, onRun } from "./accrual-invariants.ts";
import { onBatch, onRowsSeen } from "./batch-invariants.ts";
import type { Evidence, Invariants } from "./evidence.ts";
import type { Versions } from "./versions.ts";

export interface DoorStores {
  readonly batches: BatchStore & ChunkStore;
  readonly accruals: AccrualStore & AccrualLists;
  readonly payouts: PayoutStore;
  readonly schedules: CashbackScheduleStore;
  readonly runs: CashbackRunStore;
  readonly endpoints: Pick<WebhookEndpointStore, "list">;
  readonly deliveries: Pick<WebhookDeliveryStore, "create">;
}

/** Called with an item and what it is now, for a person to read. */
export type OnDoorChange = (id: string, state: string) => void;

export function openDoorStores(evidence: Evidence, onChange: OnDoorChange): DoorStores {
  return {
    batches: watchBatches(memoryBatches(), evidence, onChange),
    ...watchWebhooks(evidence),
    ...watchPayers(evidence, onChange),
  };
}

/** Notes an item as it is stored now, and asks what must hold of that. */
type Note<Item extends { readonly id: string }> = (after: Item | undefined) => void;

function noting<Item extends { readonly id: string }>(
  evidence: Evidence,
  versions: Versions<Item>,
  invariants: Invariants<{ before: Item | undefined; after: Item }>,
  onWrite: (after: Item) => void = () => {},
): Note<Item> {
  return (after) => {
    // Nothing was changed where the same is there as before.
    if (!after || JSON.stringify(versions.get(after.id)) === JSON.stringify(after)) return;
    onWrite(after);
    const before = versions.wrote(after);
    evidence.check(invariants, { before, after });
  };
}

function watchBatches(store: DoorStores["batches"], evidence: Evidence, onChange: OnDoorChange): DoorStores["batches"] {
  const { doors } = evidence;
  const note = noting(evidence, doors.batches, onBatch, ({ id, status, loaded, swept, retried }) => {
    onChange(id, `${status}: ${loaded} loaded, ${swept} swept, ${retried} retried`);
  });
  const noteEnd = ({ id, status, revision }: Batch): void => {
    const isOver = status === "done" || status === "canceled";
    if (isOver && doors.batches.get(id)?.status !== status) doors.ends.add(`${id}.${revision}`);
  };
  const noteState = noting(evidence, doors.states, onRowsSeen, ({ id, rows }) => onChange(id, rows));
  return {
    ...store,
    async create(batch) {
      const isCreated = await store.create(batch);
      if (isCreated) note(batch);
      return isCreated;
    },
    async replace(next) {
      const stored = await store.replace(next);
      if (stored) noteEnd(stored);
      note(stored);
      return stored;
    },
    async createChunk(chunk) {
      await store.createChunk(chunk);
      const stored = await store.chunk(chunk.id);
      if (stored) doors.chunks.set(chunk.id, stored);
    },
    async replaceState(next) {
      const stored = await store.replaceState(next);
      noteState(stored);
      return stored;
    },
  };
}

/** Every tenant has one address, which is told of everything. */
function watchWebhooks({ doors }: Evidence): Pick<DoorStores, "endpoints" | "deliveries"> {
  const deliveries = memoryWebhookDeliveries();
  return {
    endpoints: { list: async (tenant) => [endpointOf(tenant)] },
    deliveries: {
      async create(delivery) {
        const isCreated = await deliveries.create(delivery);
        doors.webhooks.add(delivery.webhookId);
        return isCreated;
      },
    },
  };
}

function endpointOf(tenant: string): WebhookEndpoint {
  return {
    id: `whe_${tenant}`,
    tenant,
    url: "https://shop.example.com/hooks",
    secrets: [{ secret: "whsec_c2ltdWxhdGVk", madeBy: "call" }],
    rotations: [],
    fingerprint: "print",
    createdAt: "2026-01-01T00:00:00.000Z",
    revision: 0,
  };
}

function watchPayers(
  evidence: Evidence,
  onChange: OnDoorChange,
): Pick<DoorStores, "accruals" | "payouts" | "schedules" | "runs"> {
  const { doors } = evidence;
  const [accruals, payouts] = [memoryAccruals(), memoryPayouts()];
  const [schedules, runs] = [memoryCashbackSchedules(), memoryCashbackRuns()];
  const noteAccrual = noting(evidence, doors.accruals, onAccrual, ({ id, state, payout = "" }) => {
    onChange(id, `${state} ${payout}`);
  });
  const notePayout = noting(evidence, doors.payouts, onPayout, ({ id, decision, closed }) => {
    onChange(id, `${decision ? `to ${decision.kind} ${decision.value}` : "undecided"}${closed ? ", closed" : ""}`);
  });
  const noteSchedule = noting(evidence, doors.schedules, {}, ({ id, nextRunAt }) => onChange(id, `due ${nextRunAt}`));
  const noteRun = noting(evidence, doors.runs, onRun, ({ id, stage }) => onChange(id, stage));
  /** A call of a store, and after it what is stored then. */
  const then = <Given extends unknown[], Answer>(
    call: (...given: Given) => Promise<Answer>,
    look: (answer: Answer, ...given: Given) => Promise<void>,
  ) => {
    return async (...given: Given): Promise<Answer> => {
      const answer = await call(...given);
      await look(answer, ...given);
      return answer;
    };
  };
  return {
    accruals: {
      ...accruals,
      create: then(accruals.create, async (_, { id }) => noteAccrual(await accruals.get(id))),
      assign: then(accruals.assign, async (_, { id }) => noteAccrual(await accruals.get(id))),
      release: then(accruals.release, async (_, id) => noteAccrual(await accruals.get(id))),
      cancel: then(accruals.cancel, async (_, { id }) => noteAccrual(await accruals.get(id))),
    },
    payouts: {
      ...payouts,
      create: then(payouts.create, async (_, { id }) => notePayout(await payouts.get(id))),
      decide: then(payouts.decide, async (_, { id }) => notePayout(await payouts.get(id))),
      close: then(payouts.close, async (_, id) => notePayout(await payouts.get(id))),
    },
    schedules: {
      ...schedules,
      create: then(schedules.create, async (_, place) => noteSchedule(await schedules.get(place))),
      replace: then(schedules.replace, async (_, place) => noteSchedule(await schedules.get(place))),
    },
    runs: {
      ...runs,
      create: then(runs.create, async (_, { id }) => noteRun(await runs.get(id))),
      replace: then(runs.replace, async (_, { id }) => noteRun(await runs.get(id))),
    },
  };
}
