/** Runs in the Lambdas' thread, around each handler: how long it took, and how much of that it waited, and for whom. */
import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Context } from "aws-lambda";

/** One invocation, as a line of the log tells it. Milliseconds. */
export interface Clocked {
  readonly event: "clocked";
  readonly function: string;
  readonly ms: number;
  /** From request to the end of the answer, by who was asked: the tables, the provider, another service of AWS. */
  readonly tablesMs: number;
  readonly providerMs: number;
  readonly awsMs: number;
  /** How many requests the tables got. */
  readonly tableCalls: number;
}

type Waits = { -readonly [Name in "tablesMs" | "providerMs" | "awsMs" | "tableCalls"]: number };
type Handler = (event: unknown, context: Context) => Promise<unknown>;

const current = new AsyncLocalStorage<Waits>();
const tablesHost = new URL(process.env["AWS_ENDPOINT_URL_DYNAMODB"] ?? "http://none").host;

export function clocked(name: string, handler: unknown): Handler {
  return async (event, context) => {
    const waits: Waits = { tablesMs: 0, providerMs: 0, awsMs: 0, tableCalls: 0 };
    const started = performance.now();
    try {
      return await current.run(waits, () => (handler as Handler)(event, context));
    } finally {
      const line: Clocked = { event: "clocked", function: name, ms: performance.now() - started, ...waits };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    }
  };
}

/** What a request belongs to, and when it was made. */
const asked = new WeakMap<object, { readonly waits: Waits; readonly at: number; readonly isTables: boolean }>();

// The SDK speaks node:http; the providers' client is fetch.
watch("http.client.request.start", "http.client.response.finish", (waits, ms, isTables) => {
  if (isTables) {
    waits.tablesMs += ms;
    waits.tableCalls += 1;
  } else waits.awsMs += ms;
});
watch("undici:request:create", "undici:request:trailers", (waits, ms) => {
  waits.providerMs += ms;
});

function watch(begin: string, end: string, add: (waits: Waits, ms: number, isTables: boolean) => void): void {
  subscribe(begin, (message) => {
    const { request } = message as { request: { getHeader?: (name: string) => unknown } };
    const waits = current.getStore();
    const isTables = request.getHeader?.("host") === tablesHost;
    if (waits) asked.set(request, { waits, at: performance.now(), isTables });
  });
  subscribe(end, (message) => {
    const known = asked.get((message as { request: object }).request);
    if (known) add(known.waits, performance.now() - known.at, known.isTables);
  });
}
