/** `health`: whether the service works, and how its connections are. */
import type { Api } from "./api.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type Column, tableOf } from "./table.ts";
import { plain, type Terminal } from "./terminal.ts";

interface Health {
  readonly status: "ok" | "degraded" | "down";
  readonly database: string;
  readonly secret: string;
  readonly connections: readonly HealthOfConnection[];
}

export interface HealthOfConnection {
  readonly id: string;
  readonly provider?: string;
  readonly status: string;
  readonly problem?: string;
  readonly breaker?: {
    readonly state: string;
    readonly failures?: number;
    readonly since?: string;
    readonly retryAt?: string;
  };
}

/** Done only where all is well: a script that asks wants to hear of the rest. */
export async function showHealth(context: Context): Promise<number> {
  const { terminal } = context;
  const health = await readHealth(await context.api());
  const { status, database, secret, connections } = health;
  terminal.show(health, () => {
    const color = status === "ok" ? "green" : status === "degraded" ? "yellow" : "red";
    const summary = `${terminal.paint(color, plain(status))} (database ${plain(database)}, secret ${plain(secret)})`;
    return [summary, ...(connections.length > 0 ? [tableOf(healthColumns(terminal)).lines(connections)] : [])].join(
      "\n",
    );
  });
  return status === "ok" ? exitCodes.done : exitCodes.failure;
}

export async function readHealth(api: Api): Promise<Health> {
  const { body } = await api.call<Health>({ method: "GET", path: "/v1/health", isOpen: true, answersWith: 503 });
  return body;
}

export function healthColumns({ paint }: Terminal): Column<HealthOfConnection>[] {
  return [
    { heading: "CONNECTION", cell: ({ id }) => plain(id) },
    { heading: "PROVIDER", cell: ({ provider }) => plain(provider ?? "–") },
    {
      heading: "STATUS",
      cell: ({ status }) => plain(status),
      paint: (text, { status }) => (status === "configured" ? text : paint("red", text)),
    },
    { heading: "BREAKER", cell: breakerText, paint: (text, row) => (isClosed(row) ? text : paint("yellow", text)) },
    { heading: "PROBLEM", cell: ({ problem }) => plain(problem ?? "") },
  ];
}

function breakerText({ breaker }: HealthOfConnection): string {
  if (!breaker) return "–";
  const { state, failures, retryAt } = breaker;
  return plain(
    failures === undefined ? state : `${state}, ${failures} failures${retryAt ? `, retry at ${retryAt}` : ""}`,
  );
}

function isClosed({ breaker }: HealthOfConnection): boolean {
  return !breaker || breaker.state === "closed";
}
