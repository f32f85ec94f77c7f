/** Everything there is in one run: the product's functions, the stores, the providers, the network, the clock, the callers. */
import { openBus } from "./bus.ts";
import { type Callers, openCallers } from "./callers.ts";
import { type CashbackRounds, cashbackRounds } from "./cashback-rounds.ts";
import { type Dependencies, processOf } from "./dependencies.ts";
import { Evidence } from "./evidence.ts";
import { drawRates, Faults } from "./faults.ts";
import { openFlows } from "./flows.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import { Lambdas } from "./lambdas.ts";
import { openMail } from "./mail.ts";
import { openNetwork } from "./network.ts";
import { offers } from "./offers.ts";
import type { Options } from "./options.ts";
import { Random } from "./random.ts";
import { scheduleOnTime } from "./schedule.ts";
import { Scheduler, type SchedulerHooks } from "./scheduler.ts";
import { connections, ownIds } from "./simulated-connections.ts";
import { openSimulatedProviders } from "./simulated-providers.ts";
import { openStores, type Stores } from "./simulated-stores.ts";
import { Trace } from "./trace.ts";
import type { Workload } from "./workload.ts";

export interface World {
  readonly scheduler: Scheduler;
  readonly hooks: SchedulerHooks;
  readonly faults: Faults;
  readonly evidence: Evidence;
  readonly stores: Stores;
  readonly lambdas: Lambdas<Dependencies>;
  readonly callers: Callers;
  readonly gateway: Gateway;
  readonly rounds: CashbackRounds;
  readonly trace: Trace | undefined;
  /** What callers heard: statuses and problem codes, counted. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Far above what any run takes: one that does not end is stopped. */
const stepsMax = 50_000;

const start = Date.parse("2026-11-20T09:30:00.000Z");

export function openWorld(seed: number, workload: Workload, options: Options): World {
  // Each use of chance has a stream of its own, so that one more draw here changes nothing there.
  const stream = (name: string) => new Random(`${seed} ${name}`);
  const lucky = (name: string) => stream(options.luck === undefined ? name : `${name} ${options.luck}`);
  const drawn = drawSetting(stream("setting"), workload);
  const trace = options.isTraced ? new Trace(start) : undefined;
  const scheduler = new Scheduler(start, lucky("schedule"), options.pace ?? drawn.pace);
  const faults = new Faults(options.rates ?? drawRates(stream("rates")), lucky("faults"), options.faultsOff);
  const providers = openSimulatedProviders({
    now: () => scheduler.now,
    newId: uuids(stream("uuids")),
    toldByWebhook: toldAmong(workload),
  });
  const evidence = new Evidence(providers.movements);
  for (const { kind, purse, limit } of offers) if (kind === "refund") evidence.limits.set(purse, limit);
  const shared = { scheduler, faults, random: lucky("chance"), evidence, trace };

  const noted = (id: string, state: string): void => trace?.add(scheduler.now, "", `  ${id} is ${state}`);
  const watched = openStores(
    evidence,
    ({ id, status, attempt, log }) =>
      noted(id, `${attempt ? `${status}, ${attempt}` : status}: ${log.at(-1)?.detail ?? ""}`),
    noted,
  );
  const stores = options.sabotage?.stores?.(watched) ?? watched;
  const { firstSend } = options;
  const network = openNetwork({ ...shared, providers, firstSend, onArrival: () => mail.send() });
  const bus = openBus({ ...shared, lambdas: () => lambdas });
  let attempts = 0;
  const outside = {
    ...{ ...shared, stores, network },
    entries: new Map(connections.map((entry) => [entry.id, { ...entry, ...drawn.connection }])),
    begin: (input: Parameters<typeof flows.begin>[0]) => flows.begin(input),
    publish: bus.publish,
    newId: () => `attempt-${++attempts}`,
  };
  const lambdas = new Lambdas<Dependencies>(
    { ...shared, crash: options.crash, onMachineCrash: () => endEverything() },
    (all, current) => {
      const made = processOf(all, current, outside);
      return options.sabotage?.dependencies?.(made) ?? made;
    },
  );
  const flows = openFlows(shared, () => lambdas);
  const endEverything = (): void => {
    flows.endAll();
    lambdas.endAll();
  };
  const gateway = openGateway(lambdas, evidence);
  const mail = openMail({ ...shared, providers, gateway });
  const answers: Record<string, number> = {};
  const count = (heard: string | number): void => {
    answers[heard] = (answers[heard] ?? 0) + 1;
  };
  const callers = openCallers({ ...shared, gateway, bus, onAnswer: ({ status, code = status }) => count(code) });

  const rounds = cashbackRounds(evidence, start + lastAccrualMs(workload));
  const hooks: SchedulerHooks = {
    before: () => {
      if (scheduler.now >= start + drawn.calmAfterMs) faults.end();
      if (lambdas.steps.length > stepsMax) evidence.violate("converges", `no end after ${stepsMax} steps`);
      return evidence.violation === undefined;
    },
    idle: scheduleOnTime({ ...shared, lambdas, rounds, start }),
    overtook: () => faults.count("reordered"),
  };
  return { scheduler, hooks, faults, evidence, stores, lambdas, callers, gateway, rounds, trace, answers };
}

/** Minutes of firings after the last word about an accrual, so that the usual one finds it. */
const afterLastMs = 600_000;

/** How long schedules fire as they do. */
function lastAccrualMs({ actions }: Workload): number {
  const times = actions.flatMap((action) =>
    "accrual" in action && action.kind.startsWith("accrue") ? [action.at] : [],
  );
  return Math.max(0, ...times) + afterLastMs;
}

/** A batch is looked at every 15 minutes: of days of that nothing new is learned. */
const watchedHoursMax = 2;

/** What a run is like, beside its workload and its faults. */
function drawSetting(random: Random, { batches, accruals }: Workload) {
  const shuffle = random.chance(0.8) ? random.next() : 0;
  const requestsPerSecond = random.pick([1, 2, 10]);
  const deadlineHours = random.pick([1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 6, 12, 24, 72]);
  return {
    pace: { shuffle, stepMsMax: random.pick([5, 20, 100]) },
    connection: {
      deadlineHours: Math.min(deadlineHours, batches.length + accruals.length > 0 ? watchedHoursMax : 72),
      ...(random.chance(0.2) && { requestsPerSecond }),
    },
    // Before the first deadline all has been well for a while: what can be told then has been told.
    calmAfterMs: random.spread(30_000, 1_500_000),
  };
}

/** A provider tells one connection: the last one that is used, else its own. */
function toldAmong({ orders }: Workload): string[] {
  const told = new Map<string, string>();
  for (const id of [...ownIds, ...orders.map(({ connection }) => connection)]) {
    const provider = connections.find((entry) => entry.id === id)?.provider;
    if (provider) told.set(provider, id);
  }
  return [...told.values()];
}

function uuids(random: Random): () => string {
  const digits = (count: number): string =>
    random
      .below(16 ** count)
      .toString(16)
      .padStart(count, "0");
  return () => `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(8)}${digits(4)}`;
}
