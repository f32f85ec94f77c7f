/** `connections check`: whether each provider takes its connection. It logs in and reads a balance; it moves nothing. */
import type { Balance } from "../lib/domain/money.ts";
import { type AccountWish, accountsIn } from "./accounts.ts";
import { amountText } from "./amounts.ts";
import type { Api } from "./api.ts";
import { CommandError } from "./command-error.ts";
import type { Context } from "./context.ts";
import { exitCodes } from "./exit-codes.ts";
import { type HealthOfConnection, healthColumns, readHealth } from "./health.ts";
import { type Column, tableOf } from "./table.ts";
import { plain, type Terminal } from "./terminal.ts";

export interface CheckOptions {
  /** Which connections; all where none is named. */
  readonly ids: readonly string[];
  readonly account?: readonly AccountWish[];
  /** A file with one such account a line. */
  readonly accounts?: string;
}

interface Check extends HealthOfConnection {
  readonly login: Told;
  /** Absent where no account was named. */
  readonly balance?: Told & { readonly account: string; readonly available?: Balance };
  /** Whether nothing speaks against using it. */
  readonly usable: boolean;
}

interface Told {
  readonly status: string;
  readonly detail?: string;
}

export async function checkConnections(options: CheckOptions, context: Context): Promise<number> {
  const { terminal } = context;
  const api = await context.api();
  const wishes = await accountsIn(options);
  const { connections } = await readHealth(api);
  const unknown = [...options.ids, ...wishes.map(({ connection }) => connection)].find(
    (id) => !connections.some((one) => one.id === id),
  );
  if (unknown !== undefined) {
    throw new CommandError(exitCodes.refused, "unknown_connection", `There is no connection "${unknown}".`);
  }
  const asked = connections.filter(({ id }) => options.ids.length === 0 || options.ids.includes(id));
  const checks: Check[] = [];
  // One after the other: a check must not use up a connection's rate.
  for (const connection of asked) {
    checks.push(
      await checkOne(
        connection,
        wishes.find((wish) => wish.connection === connection.id),
        api,
      ),
    );
  }
  terminal.show({ connections: checks }, () => tableOf(checkColumns(terminal)).lines(checks));
  return checks.every(({ usable }) => usable) ? exitCodes.done : exitCodes.failure;
}

async function checkOne(connection: HealthOfConnection, wish: AccountWish | undefined, api: Api): Promise<Check> {
  if (connection.status !== "configured") {
    return { ...connection, login: { status: "not tried" }, usable: false };
  }
  const login = await told(
    api
      .call<{ login: Told }>({ method: "POST", path: `/v1/connections/${encodeURIComponent(connection.id)}/check` })
      .then(({ body }) => body.login),
  );
  const isIn = ["accepted", "not-needed"].includes(login.status);
  if (!wish || !isIn) return { ...connection, login, usable: isIn };
  const { account, currency } = wish;
  const balance = await told(
    api
      .call<{ available: Balance }>({
        method: "GET",
        path: "/v1/balances",
        query: { connection: connection.id, account, currency },
      })
      .then(({ body }) => ({ status: "read", available: body.available })),
  );
  return { ...connection, login, balance: { account, ...balance }, usable: balance.status === "read" };
}

/** What the API refuses about one connection is told, and the next one is checked; a key that is refused ends the command. */
async function told<T extends Told>(answer: Promise<T>): Promise<T | Told> {
  try {
    return await answer;
  } catch (error) {
    const isAboutCaller = error instanceof CommandError && ["unauthorized", "forbidden"].includes(error.problem.code);
    const isProblem = error instanceof CommandError && error.problem["requestId"] !== undefined;
    if (!isProblem || isAboutCaller) throw error;
    return { status: error.problem.code, detail: error.message };
  }
}

function checkColumns(terminal: Terminal): Column<Check>[] {
  const { paint } = terminal;
  return [
    ...healthColumns(terminal).slice(0, -1),
    { heading: "LOGIN", cell: ({ login }) => plain(login.status) },
    {
      heading: "BALANCE",
      cell: ({ balance }) =>
        balance?.available ? amountText(balance.available) : plain(balance?.status ?? "not asked"),
    },
    {
      heading: "USABLE",
      cell: ({ usable }) => (usable ? "yes" : "no"),
      paint: (text, { usable }) => paint(usable ? "green" : "red", text),
    },
    { heading: "WHY", cell: ({ problem, login, balance }) => plain(problem ?? login.detail ?? balance?.detail ?? "") },
  ];
}
