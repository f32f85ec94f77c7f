/** A provider that answers as the test says and remembers what it was asked; and the connections that lead to it. */
import type { FieldError } from "../../lib/domain/errors.ts";
import type { Balance } from "../../lib/domain/money.ts";
import type { Finding, Outcome, Reading } from "../../lib/domain/outcome.ts";
import type { ConnectionBook } from "../../lib/lambda/connection-book.ts";
import type { CommonConnection } from "../../lib/providers/connection.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import type {
  BalanceQuery,
  Connector,
  DuplicateRejection,
  Login,
  SpendbackOrder,
  WebhookCalls,
} from "../../lib/providers/port.ts";

/** What the provider answers. A call that is not scripted throws: the test did not expect it. */
export interface Script {
  /** Absent: credentials go with every call. */
  readonly authenticate?: () => Promise<Reading<Login>>;
  readonly balance?: (query: BalanceQuery, token: string | undefined) => Promise<Reading<Balance>>;
  readonly submit?: (order: SpendbackOrder, token: string | undefined) => Promise<Outcome>;
  readonly lookUp?: (order: SpendbackOrder, token: string | undefined) => Promise<Reading<Finding>>;
  readonly check?: (order: Pick<SpendbackOrder, "recipient">) => readonly FieldError[];
  /** The connection cannot tell a balance, or not whose. */
  readonly noBalance?: boolean;
  readonly noPayer?: boolean;
  /** The connection takes no spendbacks. */
  readonly noSpendback?: boolean;
  /** Absent: the provider proves nothing about a repeated reference. */
  readonly rejectsDuplicates?: DuplicateRejection;
  /** Absent: the provider documents no webhooks. */
  readonly readWebhook?: WebhookCalls["read"];
  readonly referenceOf?: (id: string, token: string | undefined) => Promise<Reading<string | undefined>>;
}

export interface ScriptedCall {
  readonly name: "authenticate" | "balance" | "submit" | "lookUp" | "referenceOf";
  /** What was asked: a balance query, an order, or a provider's id. */
  readonly asked?: BalanceQuery | SpendbackOrder | string;
  readonly token?: string;
}

export interface ScriptedConnector {
  readonly connector: Connector;
  readonly calls: readonly ScriptedCall[];
  /** How often a call was made. */
  count(name: ScriptedCall["name"]): number;
}

export function scriptedConnector(script: Script = {}): ScriptedConnector {
  const calls: ScriptedCall[] = [];
  const scripted =
    <Asked extends BalanceQuery | SpendbackOrder | string, Answer>(
      name: ScriptedCall["name"],
      answer: ((asked: Asked, token: string | undefined) => Promise<Answer>) | undefined,
    ) =>
    async (asked: Asked, token: string | undefined): Promise<Answer> => {
      calls.push({ name, asked, ...(token !== undefined && { token }) });
      if (!answer) throw new Error(`the test expects no ${name}`);
      return answer(asked, token);
    };
  const { authenticate, balance, submit, lookUp, check, noBalance, noPayer, noSpendback } = script;
  const { readWebhook, referenceOf, rejectsDuplicates = false } = script;
  const connector = {
    ...(authenticate && {
      authenticate: async () => {
        calls.push({ name: "authenticate" });
        return authenticate();
      },
    }),
    ...(!noBalance && { balance: scripted("balance", balance) }),
    ...(!noSpendback && {
      spendback: {
        check: check ?? (() => []),
        ...(!noPayer && { payer: ({ recipient }: SpendbackOrder) => `wallet of ${recipient.id}` }),
        submit: scripted("submit", submit),
        lookUp: scripted("lookUp", lookUp),
        rejectsDuplicates,
      },
    }),
    ...(readWebhook && {
      webhooks: { read: readWebhook, ...(referenceOf && { referenceOf: scripted("referenceOf", referenceOf) }) },
    }),
  };
  return {
    calls,
    count: (name) => calls.filter((call) => call.name === name).length,
    connector: connector as Connector,
  };
}

export const config: CommonConnection = {
  id: "scripted",
  provider: "scripted",
  baseUrl: "http://provider.example",
  timeoutMs: 15_000,
  deadlineHours: 72,
};

export function configured(connector: Connector, members: Partial<ConfiguredConnection> = {}): ConfiguredConnection {
  return { id: "scripted", provider: "scripted", config, connector, sessionId: "scripted#1", ...members };
}

export interface ScriptedBook extends ConnectionBook {
  /** How often the secret was read again. */
  refreshes(): number;
}

/** The connections as a Lambda sees them. `rotated` are those of the secret's next version, seen after a refresh. */
export function bookOf(connections: readonly ConfiguredConnection[], rotated = connections): ScriptedBook {
  let current = connections;
  let refreshes = 0;
  const get = async (id: string) => current.find((one) => one.id === id);
  return {
    refreshes: () => refreshes,
    get,
    async find(id, tenant) {
      const connection = await get(id);
      const allowed = connection?.config.tenants;
      return connection && (!allowed || allowed.includes(tenant)) ? connection : undefined;
    },
    all: async () => ({ configured: current, broken: [] }),
    async refresh() {
      refreshes += 1;
      current = rotated;
    },
  };
}
