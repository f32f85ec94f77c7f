/** What one row of a batch consumes: many cashbacks in one call, and the runner, the schedule and the look at the batch with them. */
import { setTimeout } from "node:timers/promises";
import { localApiKey, type Stack } from "../../local/stack.ts";
import { expectNoFailure } from "./counted.ts";
import { type Consumption, movingUnits, startMeteredStack, total } from "./metered-stack.ts";
import { type CostLine, costOf, movingCost, pricesOf } from "./prices.ts";
import { rounded } from "./statistics.ts";

/** A row that waits for its turn is started by the schedule; two or three firings bring all of them to their end. */
const firingsAtOnce = 6;

/** What a busy machine held up is looked up 10 and 30 seconds later: after the first ones, there is a second between firings. */
const firingsMax = 80;

export interface BatchRow {
  readonly rows: number;
  /** Of one row, as the rest. */
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly transitions: number;
  readonly lambdaCalls: number;
  readonly logBytes: number;
  readonly dollarsPerMillion: number;
  readonly pricesOf: string;
  readonly cost: readonly CostLine[];
}

export async function measureBatchRow(rows: number): Promise<BatchRow> {
  const metered = await startMeteredStack();
  try {
    const whole = await metered.consumed(2, () => runBatch(metered.stack, rows));
    expectNoFailure(metered.stack);
    const row = shareOf(whole, rows);
    const { write, read } = total(movingUnits(row));
    const cost = costOf(row);
    return {
      rows,
      writeUnits: rounded(write),
      readUnits: rounded(read),
      transitions: row.transitions,
      lambdaCalls: rounded(Object.values(row.lambdaCalls).reduce((sum, count) => sum + count, 0)),
      logBytes: row.logBytes,
      dollarsPerMillion: rounded(movingCost(cost)),
      pricesOf,
      cost,
    };
  } finally {
    await metered.stop();
  }
}

async function runBatch(stack: Stack, rows: number): Promise<void> {
  const items = Array.from({ length: rows }, (_, row) => ({
    kind: "cashback",
    key: `row ${row}`,
    connection: "sipay",
    receiver: { walletNumber: "637606074" },
    amount: { value: 1, currency: "TRY" },
  }));
  const { id } = await call(stack, "/v1/batches", { items });
  for (let firing = 0; firing < firingsMax; firing++) {
    if (firing >= firingsAtOnce) await setTimeout(1_000);
    await stack.bus.idle();
    await stack.clock.fire("run-batches");
    await stack.clock.fire("follow-up");
    await stack.flow.idle();
    const ended = stack.flow.executions().filter(({ status }) => status === "SUCCEEDED").length;
    if (ended < rows) continue;
    // Reads each row's transaction, as the runner does once more when it closes the batch.
    const { counts } = await call(stack, `/v1/batches/${id}`);
    if (counts.succeeded === rows) return;
  }
  throw new Error(`the batch of ${rows} rows did not end`);
}

interface Batch {
  readonly id: string;
  readonly counts: { readonly succeeded: number };
}

async function call({ apiUrl }: Stack, path: string, body?: object): Promise<Batch> {
  const authorization = `Bearer ${localApiKey}`;
  const response = await fetch(
    apiUrl + path,
    body
      ? {
          method: "POST",
          headers: { authorization, "idempotency-key": "bench", "content-type": "application/json" },
          body: JSON.stringify(body),
        }
      : { headers: { authorization } },
  );
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Batch;
}

function shareOf(whole: Consumption, rows: number): Consumption {
  const { apiCalls, units, flows, transitions, lambdaCalls, logBytes, events } = whole;
  const share = (count: number) => rounded(count / rows, 4);
  return {
    apiCalls: share(apiCalls),
    units: Object.fromEntries(
      Object.entries(units).map(([place, { write, read }]) => [place, { write: share(write), read: share(read) }]),
    ),
    flows: share(flows),
    transitions: share(transitions),
    lambdaCalls: Object.fromEntries(Object.entries(lambdaCalls).map(([name, count]) => [name, share(count)])),
    logBytes: share(logBytes),
    events: share(events),
  };
}
