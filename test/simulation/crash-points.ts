/** Dies at every step there is, once before and once after it, as a process and as the whole machine: what came of each. */
import { transactionId } from "../../lib/domain/ids.ts";
import { operationOf } from "../../lib/lambda/accept.ts";
import { noDoors } from "./doors.ts";
import type { CrashPoint } from "./invocation.ts";
import type { Options } from "./options.ts";
import type { Order } from "./order.ts";
import { type Run, simulate } from "./simulate.ts";
import type { Workload } from "./workload.ts";

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
  const { name, kind, connection, body } = one;
  const order: Order = { name, kind, connection, body: { connection, ...body }, tenant, key, waitSeconds: 0 };
  const actions = [{ kind: "order", order: 0, at: 0 } as const];
  const workload = { ...noDoors, orders: [order], actions };
  const { calm, crashed } = await crashAt(workload, isAnswerLost ? { firstSend: "response-lost" } : {});
  return {
    calm: summaryOf(one, never, calm),
    crashed: crashed.map(({ crash, run }) => summaryOf(one, crash, run)),
  };
}

const never: CrashPoint = { step: Number.POSITIVE_INFINITY, when: "before", what: "process" };

/** The same course again and again: once as it is, and once for each way to die at each of its steps. */
export async function crashAt(workload: Workload, options: Options = {}): Promise<Crashed> {
  const runWith = (crash: CrashPoint): Promise<Run> =>
    simulate(seed, { ...options, crash, workload, rates: {}, pace: { shuffle: 0, stepMsMax: 5 } });
  const calm = await runWith(never);
  const points = calm.steps.flatMap((_, step) =>
    (["process", "machine"] as const).flatMap((what) =>
      (["before", "after"] as const).map((when): CrashPoint => ({ step, when, what })),
    ),
  );
  const crashed: { crash: CrashPoint; run: Run }[] = [];
  for (const crash of points) crashed.push({ crash, run: await runWith(crash) });
  return { calm, crashed };
}

export interface Crashed {
  /** The run in which nothing dies. */
  readonly calm: Run;
  readonly crashed: readonly { readonly crash: CrashPoint; readonly run: Run }[];
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
