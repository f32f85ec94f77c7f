/** What callers will do in a run: orders drawn from the offers, and everything that people and machines do with orders. */
import type { Kind } from "../../lib/domain/transaction.ts";
import { type DoorAction, type Doors, doorOrderCounts, doorsShare, drawDoors, noDoors, throughDoors } from "./doors.ts";
import { type Offer, offers } from "./offers.ts";
import type { Order, OrderAction } from "./order.ts";
import type { Random } from "./random.ts";

export type Action = OrderAction | DoorAction;

export interface Workload extends Doors {
  readonly orders: readonly Order[];
  /** In the order in which they were drawn. */
  readonly actions: readonly Action[];
}

/** Few are enough for most of what can go wrong; now and then there is a crowd. */
const orderCounts = [1, 1, 2, 2, 2, 3, 3, 4, 5, 6] as const;
const connectionsMax = 3;

/** The first orders come at once; the rest over some minutes. */
const spanMs = 300_000;

/** `doors` decides whether the run orders through all doors, and how; without that it is one of calls alone. */
export function drawWorkload(random: Random, doors: Random): Workload {
  if (doors.chance(doorsShare)) {
    const through = drawDoors(doors);
    // A key that an accrual shares with a cashback that is paid at once stands for one of the two.
    const isOfCashbacks = through.includes("accruals") && doors.chance(0.6);
    const { orders, actions } = drawCalls(doors, doorOrderCounts, isOfCashbacks ? "cashback" : undefined);
    return throughDoors(doors, through, orders, actions);
  }
  return { ...noDoors, ...drawCalls(random, orderCounts) };
}

function drawCalls(
  random: Random,
  counts: readonly number[],
  kind?: Kind,
): { orders: Order[]; actions: OrderAction[] } {
  const ids = [...new Set(offers.map(({ connection }) => connection))];
  const connections = Array.from({ length: random.between(1, connectionsMax) }, () => random.pick(ids));
  const among = offers.filter((one) => (kind ? one.kind === kind : connections.includes(one.connection)));
  // Half of the runs crowd one purse: one wallet, one original.
  const purse = random.chance(0.5) ? random.pick(among).purse : undefined;
  const tenants = random.chance(0.5) ? ["acme"] : ["acme", "globex"];
  const orders = Array.from({ length: random.pick(counts) }, (_, place): Order => {
    const offer = random.pick(purse ? among.filter((one) => one.purse === purse) : among);
    return drawOrder(random, offer, { tenant: random.pick(tenants), place });
  });
  // Nothing is harder to tell apart than two orders that are alike.
  const twins = orders.map((one, place) => {
    const other = orders[place - 1];
    return other && random.chance(0.3)
      ? { ...one, kind: other.kind, connection: other.connection, body: other.body }
      : one;
  });
  return { orders: twins, actions: orders.flatMap((_, order) => drawActions(random, order)) };
}

function drawOrder(random: Random, offer: Offer, { tenant, place }: { tenant: string; place: number }): Order {
  const { connection, kind, body, currency } = offer;
  const value = drawValue(random, offer);
  const isRest = offer.mayBeTheRest && random.chance(0.2);
  const splits = drawSplits(random, offer, value);
  return {
    name: `order ${place + 1}`,
    tenant,
    key: `key-${place}`,
    kind,
    connection,
    body: {
      ...body,
      connection,
      ...(!isRest && { amount: { value, currency } }),
      ...(!isRest && splits && { splits }),
      ...(random.chance(0.2) && { description: `for order ${place + 1}` }),
    },
    waitSeconds: random.chance(0.2) ? random.between(1, 25) : 0,
  };
}

/** Often a large part of the purse, so that orders together exceed it; now and then more than there is. */
function drawValue(random: Random, { limit, step = 1 }: Offer): number {
  const share = random.pick([0.1, 0.25, 0.5, 0.5, 0.6, 1, 1.2]);
  return Math.max(step, Math.floor((limit * share) / step) * step);
}

function drawSplits(random: Random, { linkedAccounts }: Offer, value: number): object[] | undefined {
  if (!linkedAccounts || random.chance(0.4)) return undefined;
  const percents = ["5.75", "10", "33.33"] as const;
  const splits = Object.keys(linkedAccounts)
    .filter(() => random.chance(0.6))
    .map((linkedAccount) =>
      random.chance(0.5)
        ? { linkedAccount, percent: random.pick(percents) }
        : { linkedAccount, amount: random.between(1, Math.max(1, Math.floor(value / 4))) },
    );
  return splits.length > 0 ? splits : undefined;
}

function drawActions(random: Random, order: number): OrderAction[] {
  const begin = random.chance(0.5) ? random.below(2_000) : random.below(spanMs);
  const later = (): number => begin + random.spread(1, spanMs);
  const actions: OrderAction[] = [{ kind: "order", order, at: begin }];
  const maybe = (kind: OrderAction["kind"], chance: number, at: () => number): void => {
    if (random.chance(chance)) actions.push({ kind, order, at: at() });
  };
  maybe("repeat", 0.3, later);
  maybe("repeat", 0.2, () => begin);
  maybe("reuse", 0.2, later);
  maybe("peek", 0.1, later);
  maybe("read", 0.4, later);
  maybe("read", 0.3, () => begin + random.spread(60_000, 7_200_000));
  maybe("cancel", 0.25, later);
  maybe("operate", 0.3, () => begin + random.spread(60_000, 7_200_000));
  return actions;
}
