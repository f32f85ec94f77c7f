/** Batches to try on the local stack, with the sandbox's own accounts. */

const customer = { connection: "sipay", receiver: { walletNumber: "637606074" } };

const rows = [
  {
    kind: "refund",
    key: "return-2001",
    connection: "paysafe",
    original: "stl-5500",
    amount: { value: 500, currency: "USD" },
  },
  {
    kind: "spendback",
    key: "commission-2001",
    connection: "ipayout",
    recipient: { id: "ben-alice" },
    amount: { value: 1_250, currency: "USD" },
  },
  { kind: "cashback", key: "bonus-2001", ...customer, amount: { value: 500, currency: "TRY" } },
];

export const batch = { name: "Returns of 20 November", items: rows };

/** Waits for its rows and for its start. */
export const openBatch = { name: "Returns of 21 November", items: [], start: false };

export const laterBatch = {
  name: "Bonuses of the new year",
  items: [{ kind: "cashback", key: "bonus-2027", ...customer, amount: { value: 700, currency: "TRY" } }],
  runAt: "2027-01-04T09:00:00+03:00",
};

export const dryBatch = { items: rows, dryRun: true };

export const moreRows = {
  items: [
    {
      kind: "spendback",
      key: "commission-2002",
      connection: "ipayout",
      recipient: { id: "ben-alice" },
      amount: { value: 900, currency: "USD" },
    },
  ],
};
