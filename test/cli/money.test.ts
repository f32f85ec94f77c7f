/** `spendback`, `refund`, `cashback` as a shell meets them, on a whole stack. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, type TransactionBody } from "../flow/api-client.ts";
import { moneyback } from "./command.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
let keys = 0;
beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.flow.idle();
  await api.reset();
});

const run = (...args: string[]) => moneyback(args, { MONEYBACK_URL: stack.apiUrl });
const newKey = () => `cli-test-${keys++}`;
const spendback = ["spendback", "--connection", "ipayout", "--recipient-id", "ben-alice", "--amount", "12.34 USD"];

describe("a command that moves money", () => {
  test("draws a key and tells it before anything else, waits for the outcome, and shows it", async () => {
    const { code, out, error } = await run(...spendback);
    expect(code).toBe(0);
    expect(error).toMatch(/^Idempotency-Key cli-[0-9a-f-]{36} /);
    expect(out).toMatch(/^txn_\w{26} {2}spendback {2}succeeded\n/);
    expect(out).toContain("12.34 USD");
    // No terminal: no colours.
    expect(out).not.toContain("\u001b");
  });

  test("repeated with the key that it told moves nothing twice, and says so", async () => {
    const first = await run(...spendback, "--json");
    const key = (JSON.parse(first.error) as { idempotencyKey: string }).idempotencyKey;
    expect(first.json()).toMatchObject({ status: "succeeded", idempotencyKey: key, replayed: false });
    const again = await run(...spendback, "--key", key, "--json");
    expect(again.code).toBe(0);
    expect(again.error).toBe("");
    expect(again.json()).toEqual({ ...first.json(), replayed: true });
    expect(await api.movements(first.json<TransactionBody>().id)).toHaveLength(1);
    expect((await run(...spendback, "--key", key)).out).toContain("nothing was sent again");
  });

  test("sends every field of a spendback", async () => {
    const key = newKey();
    const { code, json } = await run(
      ...["spendback", "--connection", "nexio", "--recipient-id", "137241", "--amount", "USD 1"],
      ...["--recipient-ref", "9467e04a-3f19-473f-a8b3-a1bc09a2ede8", "--recipient-email", "jane@example.com"],
      ...["--description", "a --strange = text", "--metadata", "order=7=8", "--metadata", "empty="],
      ...["--key", key, "--wait", "20", "--json"],
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      kind: "spendback",
      amount: { value: 100, currency: "USD" },
      recipient: { id: "137241", ref: "9467e04a-3f19-473f-a8b3-a1bc09a2ede8", email: "jane@example.com" },
      description: "a --strange = text",
      metadata: { order: "7=8", empty: "" },
      idempotencyKey: key,
    });
  });

  test("sends every field of a refund, its shares exactly", async () => {
    const split = await run(
      ...["refund", "--connection", "paysafe", "--original", "stl-10098", "--amount", "100.98 USD"],
      ...["--original-amount", "100.98 USD", "--split", "1001391850=5.75%", "--split", "1001391860=5.00 USD"],
      ...["--key", newKey(), "--json"],
    );
    expect([split.code, split.error]).toEqual([0, ""]);
    expect(split.json()).toMatchObject({
      original: "stl-10098",
      originalAmount: { value: 10_098, currency: "USD" },
      splits: [
        { linkedAccount: "1001391850", percent: "5.75", amount: 581 },
        { linkedAccount: "1001391860", amount: 500 },
      ],
    });
    // An amount is not needed where the account says the currency. What comes of it does not matter here.
    const rest = ["refund", "--connection", "mircate", "--original", "x", "--wait", "0", "--json"];
    const wallet = await run(...rest, "--wallet-id", "w", "--account-currency", "TRY", "--key", newKey());
    expect(wallet.json()).toMatchObject({ account: { walletId: "w", currency: "TRY" } });
    const number = await run(...rest, "--account-number", "a", "--amount", "1 TRY", "--key", newKey());
    expect(number.json()).toMatchObject({ account: { accountNumber: "a" } });
  });

  test("sends every field of a cashback", async () => {
    const { code, json } = await run(
      ...[
        "cashback",
        "--connection",
        "sipay",
        "--receiver-wallet",
        "637606074",
        "--amount",
        "5 TRY",
        "--payout",
        "now",
      ],
      ...["--sender-account", "0153253257047385", "--sender-wallet", "1250386995", "--key", newKey(), "--json"],
    );
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      sender: { accountNumber: "0153253257047385", walletNumber: "1250386995" },
      receiver: { walletNumber: "637606074" },
      amount: { value: 500, currency: "TRY" },
    });
  });

  test("that is not waited for is still open: 5, and it says how to go on", async () => {
    await api.arm({ operation: "spendback", fault: "slow", delayMs: 1_500 });
    const { code, out } = await run(...spendback, "--wait", "0");
    expect(code).toBe(5);
    expect(out).toMatch(/It is still open: moneyback transactions watch txn_\w{26}/);
  });

  test("waits beyond what one call waits", async () => {
    await api.arm({ operation: "spendback", fault: "slow", delayMs: 1_500 });
    const { code, json } = await run(...spendback, "--wait", "20", "--json");
    expect([code, json()["status"]]).toEqual([0, "succeeded"]);
  });

  test("ends with 3 where the transaction failed", async () => {
    const poor = [...spendback.slice(0, -1), "999999.00 USD"];
    const { code, out } = await run(...poor);
    expect(code).toBe(3);
    expect(out).toContain("insufficient_funds");
    expect((await run(...poor, "--json")).json()).toMatchObject({ status: "failed" });
  });

  test("ends with 3 where the API refuses a refund for good, says in decimals what is left, and why a repeat is no use", async () => {
    const refund = ["refund", "--connection", "paysafe", "--original", "stl-100"];
    expect((await run(...refund, "--amount", "7.50 USD")).code).toBe(0);
    const tooMuch = [...refund, "--amount", "99.00 USD", "--key", newKey()];
    const { code, out, error } = await run(...tooMuch);
    expect([code, out]).toEqual([3, ""]);
    expect(error).toContain("error: Of this original 92.50 USD are left to refund.\n");
    expect(error).not.toContain("Whether it was accepted");
    const again = await run(...tooMuch, "--json");
    expect([again.code, again.out]).toEqual([3, ""]);
    expect(again.problem()).toMatchObject({
      code: "refund_exceeds_remaining",
      status: 409,
      detail: expect.stringContaining("This Idempotency-Key was refused before"),
      idempotencyKey: tooMuch.at(-1),
    });
  });

  test("ends with 2 where the API refuses, and tells every wrong field and the key", async () => {
    const strange = ["spendback", "--connection", "nobody", "--recipient-email", "no-address", "--amount", "1 USD"];
    const plain = await run(...strange);
    expect([plain.code, plain.out]).toEqual([2, ""]);
    expect(plain.error).toContain("  recipient.email: must be an e-mail address");
    const { code, out, problem } = await run(...strange, "--json");
    expect([code, out]).toEqual([2, ""]);
    expect(problem()).toMatchObject({
      code: "validation_failed",
      status: 400,
      errors: [{ path: "recipient.email", message: "must be an e-mail address" }],
      requestId: expect.any(String),
      idempotencyKey: expect.stringMatching(/^cli-/),
    });
  });

  test("ends with 2 where the key stands for something else", async () => {
    const key = newKey();
    await run(...spendback, "--key", key);
    const { code, problem } = await run(...spendback, "--key", key, "--description", "other", "--json");
    expect([code, problem()["code"]]).toEqual([2, "idempotency_key_reused"]);
  });
});

describe("nonsense on the command line is refused before anything is sent:", () => {
  const refund = ["refund", "--connection", "paysafe", "--original", "stl-100", "--key", "never"];
  const cashback = ["cashback", "--connection", "sipay", "--receiver-wallet", "1", "--amount", "5 TRY"];
  test.each([
    [["spendback", "--connection", "ipayout", "--amount", "1 USD"], "Name who pays back"],
    [["spendback", "--recipient-id", "a", "--amount", "1 USD"], "--connection"],
    [["spendback", "--connection", "ipayout", "--recipient-id", "a"], "--amount"],
    [[...spendback.slice(0, -1), "12,34 USD"], "write a point before the decimals"],
    [[...spendback.slice(0, -1), "1.000 USD"], "USD has 2 decimals"],
    [[...spendback, "--amount", "1 USD"], "It may be given once"],
    [[...spendback, "--wait", "-1"], "whole seconds"],
    [[...spendback, "--wait", "soon"], "whole seconds"],
    [[...spendback, "--key", ""], "1 to 255 printable ASCII"],
    [[...spendback, "--key", "schlüssel"], "1 to 255 printable ASCII"],
    [["spendback", "--connection", " ", "--recipient-id", "a", "--amount", "1 USD"], "must not be empty"],
    [[...spendback, "--metadata", "novalue"], "NAME=VALUE"],
    [[...spendback, "--metadata", "a=1", "--metadata", "a=2"], "is given twice"],
    [[...spendback, "--ammount", "1 USD"], "Did you mean --amount?"],
    [[...spendback, "surplus"], "too many arguments"],
    [[...refund, "--split", "acc"], "ACCOUNT=5.75%"],
    [[...refund, "--split", "acc=0%"], "no percentage above 0"],
    [[...refund, "--split", "acc=5.755%"], "at most two decimals"],
    [[...refund, "--split", "acc=5.00 USD"], "which no amount, original amount or account says"],
    [[...refund, "--amount", "10 USD", "--split", "acc=5.00 EUR"], "is in EUR, and the refund in USD"],
    [[...cashback, "--sender-wallet", "1"], "belong together"],
    [["spendbakc"], "Did you mean spendback?"],
    [[], "Usage: moneyback"],
    [["transactions"], "Usage: moneyback transactions"],
  ])("%j", async (args, why) => {
    await api.forgetReceived();
    const { code, out, error } = await run(...args);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain(why);
    expect(error).not.toMatch(/\n\s+at /);
    expect(await api.received()).toEqual([]);
    const asJson = await run(...args, "--json");
    expect([asJson.code, asJson.out]).toEqual([1, ""]);
    expect(JSON.parse(asJson.error)).toEqual({ code: "usage", detail: expect.any(String) });
  });
});
