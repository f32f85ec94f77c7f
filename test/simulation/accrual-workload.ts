/** What callers will do with cashbacks that a schedule pays: accrue them, take them back, and say when they are paid. */

import type { Order } from "./order.ts";
import type { Random } from "./random.ts";

/** A cashback that is paid by a schedule. */
export interface AccrualPlan {
  readonly name: string;
  readonly tenant: string;
  readonly key: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface SchedulePlan {
  readonly name: string;
  readonly tenant: string;
  readonly body: Readonly<Record<string, unknown>> & { readonly connection: string };
}

const accrualActionKinds = ["accrue", "accrue by event", "take back", "look"] as const;
export interface AccrualAction {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly kind: (typeof accrualActionKinds)[number];
  readonly accrual: number;
}

export interface ScheduleAction {
  /** Milliseconds after the beginning. */
  readonly at: number;
  readonly kind: "schedule";
  readonly schedule: number;
}

/** Accruals are made within this time, and what is done with them follows within as much again. */
const spanMs = 600_000;

/** The last pays what the first does, and says so: both come in one payout. */
const purses = [
  { receiver: { walletNumber: "637606074" }, currency: "TRY" },
  { receiver: { walletNumber: "637606075" }, currency: "TRY" },
  {
    sender: { accountNumber: "0153253257047385", walletNumber: "1250386996" },
    receiver: { walletNumber: "637606080" },
    currency: "USD",
  },
  {
    sender: { accountNumber: "0153253257047385", walletNumber: "1250386995" },
    receiver: { walletNumber: "637606074" },
    currency: "TRY",
  },
] as const;

/** How often a schedule fires; a minimum keeps small sums waiting. */
const crons = ["*/5 * * * *", "*/10 * * * *", "*/30 * * * *"] as const;
const minimums = [{}, {}, { TRY: 600 }, { TRY: 600, USD: 800 }] as const;

/** Few groups with several accruals each; now and then a sum that the sender does not have. */
export function drawAccruals(
  random: Random,
  orders: readonly Order[],
): { accruals: AccrualPlan[]; schedules: SchedulePlan[]; actions: (AccrualAction | ScheduleAction)[] } {
  const tenants = random.chance(0.7) ? ["acme"] : ["acme", "globex"];
  const among = purses.slice(0, random.between(1, purses.length));
  const cashbacks = orders.filter(({ kind }) => kind === "cashback");
  const accruals = Array.from({ length: random.between(2, 6) }, (_, place): AccrualPlan => {
    const { currency, ...parties } = random.pick(among);
    const other = cashbacks.length > 0 && random.chance(0.3) ? random.pick(cashbacks) : undefined;
    const key = other?.key ?? `accrual-${place}`;
    const value = random.pick([100, 250, 500, 1_000, 6_000]);
    return {
      name: `accrual ${place + 1}`,
      tenant: other?.tenant ?? random.pick(tenants),
      key,
      body: { connection: "sipay", ...parties, amount: { value, currency }, payout: "scheduled", metadata: { key } },
    };
  });
  const schedules = tenants.flatMap((tenant) => {
    const plan = (name: string): SchedulePlan => ({
      name,
      tenant,
      body: { connection: "sipay", cron: random.pick(crons), minimumPayout: random.pick(minimums) },
    });
    return random.chance(0.25)
      ? [plan(`schedule of ${tenant}`), plan(`new schedule of ${tenant}`)]
      : [plan(`schedule of ${tenant}`)];
  });
  const actions = [
    ...accruals.flatMap((_, accrual) => drawAccrualActions(random, accrual)),
    ...schedules.map(({ name }, schedule): ScheduleAction => {
      const at = name.startsWith("new") ? random.below(spanMs) : random.below(2_000);
      return { kind: "schedule", schedule, at };
    }),
  ];
  return { accruals, schedules, actions };
}

/** Schedules fire at full minutes that are divided by five. */
function whenRunsWork(random: Random): number {
  return random.between(1, 5) * 300_000 + random.below(6_000);
}

function drawAccrualActions(random: Random, accrual: number): AccrualAction[] {
  const begin = random.chance(0.4) ? random.below(2_000) : random.below(spanMs);
  const later = (): number => begin + random.spread(1, spanMs);
  const order = (): AccrualAction["kind"] => (random.chance(0.3) ? "accrue by event" : "accrue");
  const actions: AccrualAction[] = [{ kind: order(), accrual, at: begin }];
  const maybe = (kind: AccrualAction["kind"], chance: number, at: number): void => {
    if (random.chance(chance)) actions.push({ kind, accrual, at });
  };
  maybe(order(), 0.3, later());
  maybe("take back", 0.2, later());
  maybe("take back", 0.25, whenRunsWork(random));
  maybe("take back", 0.1, begin + random.spread(60_000, 3_600_000));
  maybe("look", 0.3, later());
  maybe("look", 0.2, begin + random.spread(60_000, 3_600_000));
  return actions;
}
