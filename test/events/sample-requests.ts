/** Details of events that ask for money to be moved back: some as they should be, and some that are wrong in one place each. */

type Detail = Readonly<Record<string, unknown>>;

const usd = { value: 1_999, currency: "USD" };
const spendback = { tenant: "acme", connection: "ipayout", recipient: { id: "ben-alice" }, amount: usd };
const refund = { tenant: "acme", connection: "paysafe", original: "stl-100" };
const cashback = { tenant: "acme", connection: "sipay", receiver: { walletNumber: "637606074" }, amount: usd };

type Requests = Readonly<Record<"spendback.requested" | "refund.requested" | "cashback.requested", readonly Detail[]>>;

export const validRequests: Requests = {
  "spendback.requested": [
    spendback,
    { ...spendback, key: "order-17", recipient: { ref: "r-1", email: "jane@example.com" }, description: "October" },
    { ...spendback, metadata: { order: "17", note: "" }, amount: { value: 1_000_000_000_000, currency: "JPY" } },
  ],
  "refund.requested": [
    refund,
    { ...refund, key: "a b", amount: usd, originalAmount: usd, account: { walletId: "w", currency: "TRY" } },
    {
      ...refund,
      amount: usd,
      splits: [
        { linkedAccount: "1", percent: 5.75 },
        { linkedAccount: "2", amount: 500 },
      ],
    },
    { ...refund, amount: usd, splits: [{ linkedAccount: "1", percent: "100" }] },
  ],
  "cashback.requested": [
    cashback,
    { ...cashback, payout: "scheduled" },
    { ...cashback, payout: "now", sender: { accountNumber: "1", walletNumber: "2" }, key: "x".repeat(255) },
  ],
};

/** What is wrong with each kind, and what is wrong with all of them. */
export const wrongRequests: Requests = {
  "spendback.requested": [
    ...wrongInAny(spendback),
    { ...spendback, recipient: {} },
    { ...spendback, recipient: { email: "nobody" } },
    { ...spendback, amount: undefined },
  ],
  "refund.requested": [
    ...wrongInAny(refund),
    { ...refund, original: "" },
    { ...refund, splits: [] },
    { ...refund, amount: usd, splits: [{ linkedAccount: "1", percent: 101 }] },
    { ...refund, amount: usd, splits: [{ linkedAccount: "1", percent: "5.755" }] },
    { ...refund, amount: usd, splits: [{ linkedAccount: "1", amount: 0 }] },
  ],
  "cashback.requested": [
    ...wrongInAny(cashback),
    { ...cashback, payout: "later" },
    { ...cashback, receiver: {} },
    { ...cashback, sender: { accountNumber: "1" } },
  ],
};

function wrongInAny(valid: Detail): readonly Detail[] {
  const { tenant: _tenant, ...nobodys } = valid;
  return [
    nobodys,
    { ...valid, tenant: "" },
    { ...valid, tenant: 7 },
    { ...valid, key: "" },
    { ...valid, key: "ключ" },
    { ...valid, key: "x".repeat(256) },
    { ...valid, connection: "" },
    { ...valid, amount: { value: 19.99, currency: "USD" } },
    { ...valid, amount: { value: "1999", currency: "USD" } },
    { ...valid, amount: { value: 0, currency: "USD" } },
    { ...valid, amount: { value: 1_999, currency: "usd" } },
    { ...valid, metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, ""])) },
    { ...valid, description: "x".repeat(201) },
    { ...valid, more: true },
  ].map((detail) => JSON.parse(JSON.stringify(detail)) as Detail);
}
