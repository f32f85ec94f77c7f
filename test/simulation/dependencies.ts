/** What a simulated process gives its functions: the product's own parts, with every call outside made a step. */
import type { FlowInput, FlowStarter } from "../../lib/flow/starter.ts";
import type { ConnectionBook } from "../../lib/lambda/connection-book.ts";
import { type ScheduledCashbacks, scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import type { Clock } from "../../lib/lambda/dependencies.ts";
import { gated } from "../../lib/lambda/gate.ts";
import { type Repairer, repairer } from "../../lib/lambda/repair.ts";
import { type ConfiguredConnection, configureWith } from "../../lib/providers/connections.ts";
import type { HttpClient } from "../../lib/providers/http.ts";
import type { Provider } from "../../lib/providers/port.ts";
import { providers as registry } from "../../lib/providers/registry.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import type { Effect, Invocation } from "./invocation.ts";
import type { Lambdas } from "./lambdas.ts";
import type { Network } from "./network.ts";
import type { Random } from "./random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Stores } from "./simulated-stores.ts";

export interface Dependencies extends Stores, Clock {
  readonly connections: ConnectionBook;
  readonly flow: FlowStarter;
  readonly repair: Repairer;
  readonly scheduled: ScheduledCashbacks;
  readonly newId: () => string;
}

/** Loaded before the first run: in a run nothing may be waited for that the scheduler does not know. */
const providers: ReadonlyMap<string, Provider> = new Map(
  await Promise.all(Object.entries(registry).map(async ([id, load]) => [id, await load()] as const)),
);

export interface Outside {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly stores: Stores;
  readonly network: Network;
  readonly begin: (input: FlowInput) => void;
  /** The connections' entries, by id. */
  readonly entries: ReadonlyMap<string, object>;
  readonly newId: () => string;
}

const writes: ReadonlySet<string> = new Set([
  ...["create", "advance", "claim", "lease", "save", "release", "learn", "relearn", "hold", "take", "pass"],
  ...["takeSlot", "fail", "open", "probe", "recover"],
]);

/** The secret cannot be read: what the SDK would throw. */
class SecretUnreadableError extends Error {
  override readonly name = "SecretUnreadableError";
}

export function processOf(lambdas: Lambdas<Dependencies>, current: () => Invocation, outside: Outside): Dependencies {
  const { scheduler, stores, faults } = outside;
  const step = <Result>(label: string, kind: Effect, effect: () => Promise<Result>): Promise<Result> =>
    lambdas.step(current(), label, kind, effect);
  const time: Clock = {
    now: () => new Date(scheduler.now + current().skewMs),
    sleep: (ms) => {
      const sleeper = current();
      return new Promise((resolve) => scheduler.after(ms, sleeper, resolve));
    },
  };
  /** Calls of an adapter as steps; methods may be called without their object. */
  const stepped = <Store extends object>(name: string, store: Store): Store =>
    Object.fromEntries(
      Object.entries(store).map(([method, call]) => [
        method,
        (...given: unknown[]) => step(`${name}.${method}`, writes.has(method) ? "write" : "read", () => call(...given)),
      ]),
    ) as Store;

  const states = stepped("states", stores.states);
  const http: HttpClient = (request) => {
    const sender = current();
    const path = request.url.slice(request.url.indexOf("/", "https://".length)).replace(/\?.*/, "");
    return lambdas.step(sender, `${request.method} ${path}`, "elsewhere", () => outside.network.send(sender, request));
  };
  const flow: FlowStarter = { start: (input) => step("flow.start", "elsewhere", () => start(input, outside)) };
  const connections = bookOf(step, outside, (entry) => gated(http, { states, ...time })(entry));
  const parts = {
    ...time,
    transactions: { ...stepped("transactions", stores.transactions), ...staleReads(step, outside) },
    originals: stepped("originals", stores.originals),
    names: stepped("names", stores.names),
    claims: stepped("claims", stores.claims),
    sessions: stepped("sessions", stores.sessions),
    states,
    accruals: stepped("accruals", stores.accruals),
    connections,
    flow,
    repair: repairer({ flow, now: time.now }),
    newId: outside.newId,
  };
  return { ...parts, scheduled: scheduledCashbacks(parts) };

  async function start(input: FlowInput, { random, begin }: Outside): Promise<void> {
    const isLost = faults.strikes("start-lost");
    if (!isLost || random.chance(0.5)) begin(input);
    if (faults.strikes("duplicate-start")) begin(input);
    if (isLost) throw new Error("the flow's answer is lost");
  }
}

type Step = <Result>(label: string, kind: Effect, effect: () => Promise<Result>) => Promise<Result>;

/** Reads that need not be consistent, and the index of what is due, may be a few writes behind. */
function staleReads(
  step: Step,
  { stores, evidence, faults, random }: Outside,
): Pick<Stores["transactions"], "get" | "due"> {
  const { transactions } = stores;
  return {
    get: (id, consistency) =>
      step(`transactions.get ${id}`, "read", async () =>
        consistency === "eventual" && faults.strikes("stale-read")
          ? evidence.earlier(id, random.between(1, 3))
          : transactions.get(id, consistency),
      ),
    due: (now, limit) =>
      step("transactions.due", "read", async () => {
        if (!faults.strikes("stale-read")) return transactions.due(now, limit);
        return [...evidence.transactions.keys()].filter((id) => {
          const seen = evidence.earlier(id, random.between(0, 2));
          return seen?.nextActionAt !== undefined && seen.nextActionAt <= now.toISOString();
        });
      }),
  };
}

function bookOf(
  step: Step,
  { entries, faults }: Outside,
  outsideOf: Parameters<Provider["configure"]>[1],
): ConnectionBook {
  const cached = new Map<string, ConfiguredConnection>();
  let isRead = false;
  const read = async (): Promise<void> => {
    if (isRead) return;
    await step("secret", "elsewhere", async () => {
      if (faults.strikes("secret-unreadable")) throw new SecretUnreadableError("the secret cannot be read");
    });
    isRead = true;
  };
  const open = (id: string): ConfiguredConnection | undefined => {
    const known = cached.get(id);
    const entry = entries.get(id);
    if (known || !entry) return known;
    const provider = providers.get("provider" in entry ? String(entry.provider) : "");
    const connection = provider && configureWith(provider, id, entry, outsideOf);
    if (!connection || "problem" in connection) throw new Error(connection?.problem ?? `no provider for ${id}`);
    cached.set(id, connection);
    return connection;
  };
  return {
    async find(id, tenant) {
      const connection = await this.get(id);
      const allowed = connection?.config.tenants;
      return connection && (!allowed || allowed.includes(tenant)) ? connection : undefined;
    },
    async get(id) {
      await read();
      return open(id);
    },
    async all() {
      await read();
      return { configured: [...entries.keys()].flatMap((id) => open(id) ?? []), broken: [] };
    },
    async refresh() {
      isRead = false;
      await read();
    },
  };
}
