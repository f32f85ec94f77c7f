/** What the tests of the flow's tasks stand on: a store in memory, a scripted provider, a clock that a test holds. */
import type { Session } from "../../lib/domain/session.ts";
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { TaskInput } from "../../lib/lambda/task.ts";
import type { ConfiguredConnection } from "../../lib/providers/connections.ts";
import { memoryConnectionStates } from "../../lib/store/memory-connection-states.ts";
import { memoryNames, memoryOriginals } from "../../lib/store/memory-originals.ts";
import { memorySessions, memoryTransactions } from "../../lib/store/memory-store.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { newTenant, sample } from "../store/sample.ts";
import { bookOf, configured, type Script, scriptedConnector } from "./scripted-connector.ts";

export const session: Session = {
  token: "token-1",
  issuedAt: "2026-11-20T09:00:00.000Z",
  expiresAt: "2026-11-20T20:00:00.000Z",
};

/** Names that differ, without chance. */
export function newIdOf(): () => string {
  let last = 0;
  return () => `attempt-${last++}`;
}

/** A login that the test does not expect to be made. */
const noLogin = async (): Promise<never> => {
  throw new Error("the test expects no login");
};

/** A provider with sessions, of which one is cached; `script` says what it answers. */
export async function taskStage(script: Script = {}, members: Partial<ConfiguredConnection> = {}) {
  const clock = virtualClock();
  const transactions = memoryTransactions();
  const sessions = memorySessions();
  const scripted = scriptedConnector({ authenticate: noLogin, ...script });
  const connection = configured(scripted.connector, members);
  const connections = bookOf([connection]);
  await sessions.save(connection.sessionId, session);
  const tenant = newTenant();
  let created = 0;
  return {
    ...clock,
    clock,
    tenant,
    transactions,
    originals: memoryOriginals(),
    names: memoryNames(),
    states: memoryConnectionStates(),
    newId: newIdOf(),
    sessions,
    connections,
    connection,
    calls: scripted.calls,
    count: scripted.count,
    /** Puts a transaction into the store and gives the flow's input for it. */
    async begin(members: Partial<Transaction> = {}): Promise<TaskInput & { readonly transactionId: string }> {
      const transaction = sample(tenant, created++, {
        connection: "scripted",
        provider: "scripted",
        recipient: { id: "b-1" },
        ...members,
      });
      await transactions.create(transaction);
      return { transactionId: transaction.id, connection: "scripted", kind: "spendback" };
    },
    async stored({ transactionId }: { readonly transactionId: string }): Promise<Transaction> {
      const transaction = await transactions.get(transactionId, "consistent");
      if (!transaction) throw new Error(`there is no ${transactionId}`);
      return transaction;
    },
  };
}

/** Where a transaction may stand, as members of it. */
export const standing = {
  pending: {},
  open: { status: "processing", attempt: "open", attempts: 1 },
  "not sent": { status: "processing", attempt: "not-sent", attempts: 1 },
  "needs review": { status: "needs_review", attempts: 1 },
  succeeded: { status: "succeeded", attempts: 1 },
  failed: { status: "failed", attempts: 1 },
  canceled: { status: "canceled" },
} as const satisfies Record<string, Partial<Transaction>>;
