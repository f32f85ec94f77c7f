/** One run: a seed decides who orders what, what goes wrong, and in which order things happen. */
import type { Transaction } from "../../lib/domain/transaction.ts";
import { atTheEnd, beforeOperators, checkOriginals } from "./at-rest.ts";
import { audit, checkDoors, doorEndsOf } from "./doors-at-rest.ts";
import type { Invariants, Violation } from "./evidence.ts";
import type { FaultCounts } from "./faults.ts";
import type { Options } from "./options.ts";
import { Random } from "./random.ts";
import type { Actor } from "./scheduler.ts";
import type { Trace } from "./trace.ts";
import { drawWorkload } from "./workload.ts";
import { openWorld } from "./world.ts";

export interface Run {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly steps: readonly string[];
  readonly counts: FaultCounts;
  /** How many faults were drawn, those included that were switched off. */
  readonly faultsDrawn: number;
  readonly actions: number;
  readonly transactions: readonly Transaction[];
  /** Movements of money that were not given back, per transaction. */
  readonly moved: ReadonlyMap<string, number>;
  /** Requests to move money that left, per transaction. */
  readonly sent: ReadonlyMap<string, number>;
  readonly answers: Readonly<Record<string, number>>;
  /** How batches, accruals, runs and events ended. */
  readonly doorEnds: readonly string[];
  readonly trace: Trace | undefined;
}

/** Runs of each cashback schedule after everything else, when nothing goes wrong any more. */
const calmRounds = 2;

/** Everything that a seed leads to. The product's own log is not shown. */
export async function simulate(seed: number, options: Options = {}): Promise<Run> {
  const { stdout } = process;
  const write = stdout.write;
  const { stackTraceLimit } = Error;
  stdout.write = () => true;
  // Thousands are thrown on purpose; a run that is traced shows where.
  if (!options.isTraced) Error.stackTraceLimit = 0;
  try {
    return await play(seed, options);
  } finally {
    stdout.write = write;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function play(seed: number, options: Options): Promise<Run> {
  const workload = options.workload ?? drawWorkload(new Random(`${seed} workload`), new Random(`${seed} doors`));
  const world = openWorld(seed, workload, options);
  const { scheduler, hooks, faults, evidence, stores, lambdas, callers, trace, answers } = world;
  const checkEach = (invariants: Invariants<Transaction>): void => {
    for (const transaction of evidence.transactions.values()) evidence.check(invariants, transaction);
  };

  const comeToRest = async (): Promise<void> => {
    await scheduler.run(hooks);
    if (evidence.violation) return;
    checkEach(beforeOperators);
    callers.resolveAll();
    await scheduler.run(hooks);
  };

  callers.begin(workload, options.actionsOff ?? new Set());
  await comeToRest();
  // What was not paid, the next run pays; and what came of that, the one after it knows.
  for (let round = 0; round < calmRounds && !evidence.violation && world.rounds.another(); round++) {
    faults.end();
    await comeToRest();
  }
  for (const plan of workload.batches) {
    faults.end();
    const auditor: Actor = { name: "auditor", isAlive: true };
    scheduler.ready(auditor, () => void audit(auditor, plan, callers.batches, evidence));
  }
  await scheduler.run(hooks);
  if (!evidence.violation) {
    checkEach(atTheEnd);
    checkDoors(evidence);
    await checkOriginals(evidence, stores);
  }

  const transactions = [...evidence.transactions.values()];
  return {
    seed,
    violation: evidence.violation,
    steps: lambdas.steps,
    counts: faults.counts,
    faultsDrawn: faults.struck.length,
    actions: workload.actions.length,
    transactions,
    moved: new Map(transactions.map(({ id }) => [id, evidence.moving(id).length])),
    sent: new Map(transactions.map(({ id }) => [id, evidence.sendsOf(id).length])),
    answers,
    doorEnds: doorEndsOf(evidence),
    trace,
  };
}
