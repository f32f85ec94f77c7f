/** What a simulated process gives its functions: the product's own parts, with every call outside made a step. */
import type { FlowInput, FlowStarter } from "../../lib/flow/starter.ts";
import type { ConnectionBook } from "../../lib/lambda/connection-book.ts";
import { type ScheduledCashbacks, scheduledCashbacks } from "../../lib/lambda/create-accrual.ts";
import type { Clock } from "../../lib/lambda/dependencies.ts";
import type { EventPublisher } from "../../lib/lambda/event-bridge.ts";
import type { MayAct } from "../../lib/lambda/event-sources.ts";
import { gated } from "../../lib/lambda/gate.ts";
import { type Repairer, repairer } from "../../lib/lambda/repair.ts";
import { type ConfiguredConnection, configureWith } from "../../lib/providers/connections.ts";
import type { HttpClient } from "../../lib/providers/http.ts";
import type { Provider } from "../../lib/providers/port.ts";
import { providers as registry } from "../../lib/providers/registry.ts";
import type { Effect, Invocation } from "./invocation.ts";
import type { Lambdas } from "./lambdas.ts";
import { SecretUnreadableError } from "./outage.ts";
import type { Outside, Step } from "./outside.ts";
import type { Stores } from "./simulated-stores.ts";
import { staleReads } from "./stale-reads.ts";

export interface Dependencies extends Stores, Clock {
  readonly connections: ConnectionBook;
  readonly flow: FlowStarter;
  readonly repair: Repairer;
  readonly scheduled: ScheduledCashbacks;
  readonly newId: () => string;
  readonly events: EventPublisher;
  readonly mayAct: MayAct;
  /** Nobody asks for one here: it changes nothing. */
  readonly dryRun: () => Promise<never>;
}

/** Loaded before the first run: in a run nothing may be waited for that the scheduler does not know. */
const providers: ReadonlyMap<string, Provider> = new Map(
  await Promise.all(Object.entries(registry).map(async ([id, load]) => [id, await load()] as const)),
);

/** Who may ask by event, for any tenant. */
export const shop = "shop";

const writes: ReadonlySet<string> = new Set([
  ...["create", "advance", "claim", "lease", "save", "release", "learn", "relearn", "hold", "take", "pass"],
  ...["takeSlot", "fail", "open", "probe", "recover"],
  ...["reserve", "replace", "createChunk", "replaceState", "assign", "cancel", "decide", "close"],
]);

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
  const stale = staleReads(step, outside);
  const parts: Omit<Dependencies, "scheduled"> = {
    ...time,
    transactions: { ...stepped("transactions", stores.transactions), ...stale.transactions },
    originals: stepped("originals", stores.originals),
    names: stepped("names", stores.names),
    claims: stepped("claims", stores.claims),
    sessions: stepped("sessions", stores.sessions),
    states,
    batches: { ...stepped("batches", stores.batches), ...stale.batches },
    accruals: { ...stepped("accruals", stores.accruals), ...stale.accruals },
    payouts: { ...stepped("payouts", stores.payouts), ...stale.payouts },
    schedules: { ...stepped("schedules", stores.schedules), ...stale.schedules },
    runs: { ...stepped("runs", stores.runs), ...stale.runs },
    endpoints: stepped("endpoints", stores.endpoints),
    deliveries: stepped("deliveries", stores.deliveries),
    events: { publish: (events) => step("events.publish", "elsewhere", async () => outside.publish(events)) },
    mayAct: (source) => source === shop,
    dryRun: () => Promise.reject(new Error("nobody asks for a dry run here")),
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
