/** Dies at every step there is, once before and once after it, as a process and as the whole machine: what came of each. */
import { transactionId } from "../../lib/domain/ids.ts";
import { operationOf } from "../../lib/lambda/accept.ts";
import type { CrashPoint } from "./invocation.ts";
import type { Order } from "./order.ts";
import { type Run, simulate } from "./simulate.ts";

/** What is ordered: a connection, and the body of the kind's POST. */
export type Case = Pick<Order, "name" | "kind" | "connection" | "body">;

export interface CrashRun {
  readonly crash: CrashPoint;
  /** Which call it was. */
  readonly step: string;
  readonly status: string;
  readonly moved: number;
  readonly sent: number;
  /** Whether an operator had to say how it ended. */
  readonly isResolved: boolean;
  readonly violation: string | undefined;
}

export interface CrashRuns {
  /** The run in which nothing dies. */
  readonly calm: CrashRun;
  readonly crashed: readonly CrashRun[];
}

const seed = 1;
const tenant = "acme";
const key = "key-0";

/** `isAnswerLost`: of the order itself nothing is heard, so that what is looked up is where it dies. */
export async function crashEverywhere(one: Case, isAnswerLost: boolean): Promise<CrashRuns> {
  const crash: CrashPoint = { step: Number.POSITIVE_INFINITY, when: "before", what: "process" };
  const calm = await runWith(one, isAnswerLost, crash);
  const points = calm.steps.flatMap((_, step) =>
    (["process", "machine"] as const).flatMap((what) =>
      (["before", "after"] as const).map((when): CrashPoint => ({ step, when, what })),
    ),
  );
  const crashed: CrashRun[] = [];
  for (const point of points) crashed.push(summaryOf(one, point, await runWith(one, isAnswerLost, point)));
  return { calm: summaryOf(one, crash, calm), crashed };
}

function runWith({ name, kind, connection, body }: Case, isAnswerLost: boolean, crash: CrashPoint): Promise<Run> {
  const order: Order = { name, kind, connection, body: { connection, ...body }, tenant, key, waitSeconds: 0 };
  const actions = [{ kind: "order", order: 0, at: 0 } as const];
  const workload = { orders: [order], actions, batches: [], accruals: [], schedules: [] };
  const wire = isAnswerLost ? ({ firstSend: "response-lost" } as const) : {};
  return simulate(seed, { crash, workload, rates: {}, pace: { shuffle: 0, stepMsMax: 5 }, ...wire });
}

function summaryOf({ kind }: Case, crash: CrashPoint, run: Run): CrashRun {
  const id = transactionId(tenant, operationOf[kind], key);
  const transaction = run.transactions.find((one) => one.id === id);
  return {
    crash,
    step: run.steps[crash.step] ?? "",
    status: transaction?.status ?? "absent",
    moved: run.moved.get(id) ?? 0,
    sent: run.sent.get(id) ?? 0,
    isResolved: transaction?.resolution !== undefined,
    violation: run.violation && `${run.violation.invariant}: ${run.violation.detail}`,
  };
}
