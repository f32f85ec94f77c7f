/** What can be ordered at the simulated providers: through which connection, who pays, and up to how much. */
import type { MovementDraft } from "../../sandbox/movement.ts";

/** Orders that the seeds can pay. */
export interface Offer {
  /** The connection's id. */
  readonly connection: string;
  readonly kind: "spendback" | "refund" | "cashback";
  /** The body of the kind's POST without `connection`, `amount` and `splits`. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly currency: string;
  /** Minor units: what all orders that name the same purse can move together. */
  readonly limit: number;
  /** What the money comes from: a wallet in one currency, or what is left of an original. */
  readonly purse: string;
  /** Amounts are multiples of it. Absent: 1. */
  readonly step?: number;
  /** Whether it may come without an amount, for all that is left. */
  readonly mayBeTheRest?: true;
  /** Accounts that shares can be clawed back from, with what each has. */
  readonly linkedAccounts?: Readonly<Record<string, number>>;
}

/** Spendbacks from before the simulation, which refunds return; the first movement's id is 100001. */
export const spentBefore: readonly MovementDraft[] = [3_000, 1_000].map((value) => ({
  provider: "nexio",
  operation: "spendback",
  reference: `earlier-${value}`,
  account: "137241",
  amount: { value, currency: "USD" },
  direction: "debit",
}));

/** The guide's body names no payer, so that form is offered for the one wallet that the stand-in then falls back to. */
const guide: readonly Offer[] = [
  fromWallet("ipayout", { id: "ben-alice" }, "ben-alice", ["USD", 100_000]),
  fromWallet("ipayout", { id: "ben-alice" }, "ben-alice", ["JPY", 50_000]),
  fromWallet("ipayout", { id: "ben-alice" }, "ben-alice", ["TND", 250_000]),
];

const openapi: readonly Offer[] = [
  fromWallet("ipayout-openapi", { id: "ben-alice", ref: "alice" }, "ben-alice", ["USD", 100_000]),
  fromWallet("ipayout-openapi", { id: "ben-bob", ref: "bob" }, "ben-bob", ["USD", 5_000]),
  { ...fromWallet("ipayout-openapi", { id: "ben-alice", ref: "alice" }, "ben-alice", ["TND", 250_000]), step: 10 },
];

const jane = { ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8" };
const nexio: readonly Offer[] = [
  // Two earlier spendbacks are paid from it already.
  fromWallet("nexio", jane, "137241", ["USD", 46_000]),
  { ...fromWallet("nexio", jane, "137241", ["TND", 250_000]), step: 10 },
  fromWallet("nexio", { email: "erik@example.com" }, "137242", ["EUR", 25_000]),
  fromWallet("nexio", { id: "137243" }, "137243", ["USD", 4_000]),
  ofSpendback("100001", 3_000),
  ofSpendback("100002", 1_000),
];

const mircate: readonly Offer[] = [
  refund("mircate", "spent-100", ["TRY", 10_000], { account: { accountNumber: "alice-try" } }),
  refund("mircate", "spent-60", ["TRY", 6_000], { account: { accountNumber: "alice-try" } }),
  refund("mircate", "spent-bob-75", ["TRY", 7_500], { account: { accountNumber: "bob-try" } }),
  refund("mircate", "spent-usd-40", ["USD", 4_000], { account: { walletId: "wallet-alice", currency: "USD" } }),
];

const sipay: readonly Offer[] = [
  cashback({ receiver: { walletNumber: "637606074" } }, "1250386995", ["TRY", 100_000]),
  cashback({ receiver: { walletNumber: "637606075" } }, "1250386995", ["TRY", 100_000]),
  cashback(
    {
      sender: { accountNumber: "0153253257047385", walletNumber: "1250386996" },
      receiver: { walletNumber: "637606080" },
    },
    "1250386996",
    ["USD", 5_000],
  ),
];

/** The third has next to nothing: a share above it is declined. */
const linkedAccounts = { "1001391850": 1_000_000, "1001391860": 1_000_000, "1001391880": 100 };
const paysafe: readonly Offer[] = [
  { ...refund("paysafe", "stl-10098", ["USD", 10_098]), linkedAccounts },
  { ...refund("paysafe", "stl-100", ["USD", 10_000]), linkedAccounts },
  refund("paysafe", "stl-5500", ["USD", 2_225]),
  { ...refund("paysafe", "stl-big", ["USD", 100_000_000]), linkedAccounts },
];

export const offers: readonly Offer[] = [...guide, ...openapi, ...nexio, ...mircate, ...sipay, ...paysafe];

type Funds = readonly [currency: string, limit: number];

function fromWallet(connection: string, recipient: object, wallet: string, [currency, limit]: Funds): Offer {
  return { connection, kind: "spendback", body: { recipient }, currency, limit, purse: `${wallet} ${currency}` };
}

function cashback(body: Offer["body"], wallet: string, [currency, limit]: Funds): Offer {
  return { connection: "sipay", kind: "cashback", body, currency, limit, purse: `${wallet} ${currency}` };
}

function refund(connection: string, original: string, [currency, limit]: Funds, rest: object = {}): Offer {
  const body = { original, ...rest };
  return { connection, kind: "refund", body, currency, limit, purse: original, mayBeTheRest: true };
}

/** What is left of it, nobody tells: the caller says what it was, and each refund names its amount. */
function ofSpendback(original: string, limit: number): Offer {
  const body = { original, originalAmount: { value: limit, currency: "USD" } };
  return { connection: "nexio-refunds", kind: "refund", body, currency: "USD", limit, purse: original };
}
