/** What must hold of batches, accruals and events when everything has come to rest, and nobody will act any more. */
import type { Accrual } from "../../lib/domain/accrual.ts";
import type { CashbackRun } from "../../lib/domain/cashback-run.ts";
import { isFinal } from "../../lib/domain/transaction.ts";
import { isMoved, isPaid, transactionOf } from "./accrual-invariants.ts";
import type { BatchCallers, ShownBatch, ShownItem } from "./batch-callers.ts";
import type { BatchPlan } from "./batch-workload.ts";
import type { Evidence, Invariants } from "./evidence.ts";
import type { Actor } from "./scheduler.ts";

/** Clocks differ by so much. */
const skewMs = 5_000;

/** Asked of each accrual at the very end. */
const accrualsAtRest: Invariants<Accrual> = {
  "accruals-are-paid-once": (accrual, evidence) => {
    const paid = evidence.doors.payoutsOf(accrual).filter((payout) => isMoved(payout, evidence));
    const times = isPaid(accrual, evidence) ? 1 : 0;
    return paid.length === times ? undefined : `${accrual.id} is ${accrual.state}, and was paid ${paid.length} times`;
  },
  "accruals-do-not-stay-with-what-failed": (accrual, evidence) => {
    const status = accrual.state === "assigned" ? statusOf(accrual, evidence) : "succeeded";
    if (status === "succeeded") return undefined;
    if (status !== "failed" && status !== "canceled") return `${accrual.id} is assigned, and ${status ?? "not paid"}`;
    const payout = evidence.doors.payouts.get(accrual.payout ?? "");
    const endedAt = Date.parse((payout && transactionOf(payout, evidence))?.log.at(-1)?.at ?? "");
    const later = runsFor(accrual, evidence).find(
      ({ id, createdAt }) => id !== payout?.run && Date.parse(createdAt) > endedAt + skewMs,
    );
    return later && `${accrual.id} is still with ${payout?.id}, which failed, after ${later.id}`;
  },
  "what-waits-is-paid-by-the-next-run": (accrual, evidence) => {
    const last = runsFor(accrual, evidence).at(-1);
    if (accrual.state !== "waiting" || !last) return undefined;
    const group = evidence.doors.accruals.all().filter((one) => {
      const isAlike = nameOf(one) === nameOf(accrual) && one.state === "waiting";
      return isAlike && Date.parse(one.createdAt) < Date.parse(last.cutoff) - skewMs;
    });
    const sum = group.reduce((total, { amount }) => total + amount.value, 0);
    const minimum = last.minimumPayout?.[accrual.amount.currency] ?? 1;
    return sum >= minimum ? `${sum} wait with ${accrual.id}, above ${minimum}, and ${last.id} is done` : undefined;
  },
};

/** Asked of each run at the very end. */
const runsAtRest: Invariants<CashbackRun> = {
  converges: ({ id, stage }) => (stage === "done" ? undefined : `${id} is ${stage}, and nobody goes on with it`),
  "runs-count-what-they-pay": ({ id, totals }, { doors }) => {
    const payouts = doors.payouts.all().filter(({ run, decision }) => run === id && decision?.kind === "pay");
    const accruals = payouts.reduce((sum, { decision }) => sum + (decision?.count ?? 0), 0);
    const isRight = totals.transactions === payouts.length && totals.accruals === accruals;
    return isRight
      ? undefined
      : `${id} counts ${totals.transactions} and ${totals.accruals}, not ${payouts.length} and ${accruals}`;
  },
};

/** Asked of each event that was refused, by its id. */
const rejectedAtRest: Invariants<string> = {
  "what-is-refused-is-said": (id, { doors }) =>
    doors.announced.has(id) ? undefined : `nobody heard that ${id} was refused`,
};

/** Asked of each end of a batch, by the id of its event. */
const endsAtRest: Invariants<string> = {
  "ends-of-batches-are-told": (id, { doors }) => {
    if (!doors.heardEnds.has(id)) return `nobody heard of the end ${id}`;
    return doors.webhooks.has(id.replaceAll(".", "_")) ? undefined : `no webhook tells of the end ${id}`;
  },
};

/** Everything that is asked without a call. */
export function checkDoors(evidence: Evidence): void {
  const { doors } = evidence;
  for (const accrual of doors.accruals.all()) evidence.check(accrualsAtRest, accrual);
  for (const run of doors.runs.all()) evidence.check(runsAtRest, run);
  for (const id of doors.ends) evidence.check(endsAtRest, id);
  for (const [id, verdict] of doors.verdicts) if (verdict === "rejected") evidence.check(rejectedAtRest, id);
}

/** In words: what a search through many runs has seen of this. */
export function doorEndsOf(evidence: Evidence): string[] {
  const { doors } = evidence;
  return [
    ...doors.batches.all().map(({ status }) => `batch ${status}`),
    ...doors.states
      .all()
      .flatMap(({ generations, repeated, rows }) => [
        ...Object.keys(generations).map(() => "row retried"),
        ...repeated.map(() => "row repeated"),
        ...[...rows].flatMap((letter) => (letter === "x" ? ["row reused"] : [])),
      ]),
    ...doors.accruals.all().map((accrual) => `accrual ${isPaid(accrual, evidence) ? "paid" : accrual.state}`),
    ...doors.payouts.all().flatMap((payout) => {
      if (payout.decision?.kind === "void") return ["payout void"];
      return transactionOf(payout, evidence)?.status === "failed" ? ["payout failed"] : ["payout"];
    }),
    ...doors.runs.all().map(({ stage }) => `run ${stage}`),
    ...[...doors.verdicts.values()].map((verdict) => `event ${verdict}`),
  ];
}

/** An auditor asks for a batch and for its rows, and compares both with what really is. */
export async function audit(actor: Actor, plan: BatchPlan, batches: BatchCallers, evidence: Evidence): Promise<void> {
  const shown = await batches.watch(actor, plan);
  if (!shown) return;
  const items = await batches.items(actor, plan);
  const detail = isEnded(shown, plan) ?? differenceOf(shown, items, plan, evidence);
  if (detail) evidence.violate("batch-counts-are-its-transactions", `${shown.id}: ${detail}`);
}

function isEnded({ status }: ShownBatch, { waits }: BatchPlan): string | undefined {
  const isOver = status === "done" || status === "canceled" || (status === "open" && waits === "for a word");
  // Without rows it waits for some.
  return isOver || status === "open" ? undefined : `it is ${status}, and nobody goes on with it`;
}

function differenceOf(
  { rows, counts, status }: ShownBatch,
  items: readonly ShownItem[],
  { tenant }: BatchPlan,
  { doors, transactions }: Evidence,
): string | undefined {
  if (items.length !== rows || items.some(({ row }, place) => row !== place + 1))
    return `${items.length} of ${rows} rows`;
  for (const { key, status: shown, transaction, failure } of items) {
    const stored = transactions.get(transaction?.id ?? "");
    if (transaction && (stored?.status !== shown || stored.metadata?.["key"] !== key || stored.tenant !== tenant)) {
      return `the row of ${key} is ${shown}, and ${transaction.id} is ${stored?.status}`;
    }
    if (transaction) continue;
    const isMade = doors.madeFor(tenant, key).length > 0 || doors.accruedFor(tenant, key) !== undefined;
    const isOthers = failure?.code === "idempotency_key_reused" && isMade;
    const isUnmade = status === "open" ? shown === "pending" : status === "canceled" && shown === "canceled";
    if (!isOthers && !isUnmade) return `the row of ${key} is ${shown}, and has no transaction`;
  }
  const wrong = Object.entries(counts).find(
    ([name, count]) => items.filter((item) => item.status === name).length !== count,
  );
  return wrong && `${wrong[1]} are counted as ${wrong[0]}, and its rows say otherwise`;
}

function statusOf(accrual: Accrual, evidence: Evidence): string | undefined {
  const payout = evidence.doors.payouts.get(accrual.payout ?? "");
  const transaction = payout && transactionOf(payout, evidence);
  return transaction && isFinal(transaction.status) ? transaction.status : undefined;
}

/** The runs at an accrual's place that are over, oldest first. */
function runsFor({ tenant, connection }: Accrual, { doors }: Evidence): CashbackRun[] {
  return doors.runs
    .all()
    .filter((run) => run.stage === "done" && run.tenant === tenant && run.connection === connection)
    .sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
}

function nameOf({ tenant, connection, sender, receiver, amount }: Accrual): string {
  return JSON.stringify([tenant, connection, sender, receiver, amount.currency]);
}
