/** Whatever dies, at whatever moment: what was ordered ends rightly, and the money has moved once. */
import { describe, expect, test } from "vitest";
import { type Case, crashEverywhere } from "./crash-points.ts";

const usd = (value: number) => ({ value, currency: "USD" });

/** Each kind at each provider. `resends`: its documents prove that it takes a reference once. */
const cases: readonly (Case & { readonly resends?: true })[] = [
  {
    name: "i-payout, as in the guide",
    kind: "spendback",
    connection: "ipayout",
    body: { recipient: { id: "ben-alice" }, amount: usd(4_000) },
  },
  {
    name: "i-payout, as in the OpenAPI file",
    kind: "spendback",
    connection: "ipayout-openapi",
    body: { recipient: { id: "ben-alice", ref: "alice" }, amount: usd(4_000) },
  },
  {
    name: "Nexio",
    kind: "spendback",
    connection: "nexio",
    body: { recipient: { ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8" }, amount: usd(1_483) },
  },
  {
    name: "Nexio, of a spendback",
    kind: "refund",
    connection: "nexio-refunds",
    body: { original: "100001", originalAmount: usd(3_000), amount: usd(1_000) },
  },
  {
    name: "Mircate",
    kind: "refund",
    connection: "mircate",
    body: {
      original: "spent-100",
      account: { accountNumber: "alice-try" },
      amount: { value: 2_500, currency: "TRY" },
    },
  },
  {
    name: "Mircate, the rest",
    kind: "refund",
    connection: "mircate",
    body: { original: "spent-60", account: { accountNumber: "alice-try" } },
  },
  {
    name: "Paysafe",
    kind: "refund",
    connection: "paysafe",
    body: { original: "stl-100", amount: usd(2_500) },
    resends: true,
  },
  {
    name: "Paysafe, split",
    kind: "refund",
    connection: "paysafe",
    body: {
      original: "stl-10098",
      amount: usd(10_098),
      splits: [
        { linkedAccount: "1001391850", percent: 5.75 },
        { linkedAccount: "1001391860", amount: 500 },
      ],
    },
    resends: true,
  },
  {
    name: "Sipay",
    kind: "cashback",
    connection: "sipay",
    body: { receiver: { walletNumber: "637606074" }, amount: { value: 500, currency: "TRY" } },
  },
];

const courses = cases.flatMap((one) => [
  { ...one, isAnswerLost: false, course: "all goes well" },
  { ...one, isAnswerLost: true, course: "the provider's answer is lost" },
]);

describe("a crash at any call", () => {
  let total = 0;

  test.each(courses)(
    "$kind at $name where $course: the money moves once",
    async ({ resends, isAnswerLost, ...one }) => {
      const { calm, crashed } = await crashEverywhere(one, isAnswerLost);
      expect(calm).toMatchObject({ status: "succeeded", moved: 1, sent: 1, isResolved: false });
      expect(crashed.length).toBeGreaterThanOrEqual(60);
      expect(crashed.filter(({ violation }) => violation !== undefined)).toEqual([]);

      // Claimed, and dead before the order left: nothing tells that from an order that is lost, so an operator is asked.
      const neverLeft = crashed.filter(({ sent }) => sent === 0);
      expect(neverLeft.length).toBe(resends ? 0 : 4);
      expect(
        neverLeft.filter(({ status, moved, isResolved }) => status !== "failed" || moved > 0 || !isResolved),
      ).toEqual([]);
      const left = crashed.filter(({ sent }) => sent > 0);
      expect(
        left.filter(({ status, moved, isResolved }) => status !== "succeeded" || moved !== 1 || isResolved),
      ).toEqual([]);
      total += crashed.length;
    },
  );

  test("was tried more than a thousand times", () => {
    console.log(
      `${total} crashes: each call of ${courses.length} courses, before and after it, as a process and as the machine`,
    );
    expect(total).toBeGreaterThan(1_000);
  });
});
