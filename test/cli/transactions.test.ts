/** `transactions list|show|watch|cancel|resolve` as a shell meets them, on a whole stack. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Transaction } from "../../lib/domain/transaction.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { localDynamoDbClient, physicalName } from "../../local/create-tables.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient } from "../flow/api-client.ts";
import { sample } from "../store/sample.ts";
import { moneyback, start, typed } from "./command.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
let put: (transaction: Transaction) => Promise<string>;
let made = 0;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
  const client = localDynamoDbClient(stack.dynamoDbEndpoint);
  const store = dynamoTransactions(client, physicalName("Transactions"));
  put = async (transaction) => {
    await store.create(transaction);
    return transaction.id;
  };
});
afterAll(() => stack.stop());

const run = (...args: string[]) => moneyback(args, env());
const env = () => ({ MONEYBACK_URL: stack.apiUrl });

/** Not due within this test's life, so that nobody but the test touches it. */
const nextActionAt = "2099-01-01T00:00:00.000Z";
const stored = (members: Partial<Transaction> = {}) => put(sample("local", made++, { nextActionAt, ...members }));
const inReview = () => stored({ status: "needs_review", attempts: 1, attempt: "open" });

describe("transactions list", () => {
  const connection = "listed";
  const ids: string[] = [];
  beforeAll(async () => {
    // Stored an hour apart, from old to new.
    for (let hour = 10; hour < 15; hour++) {
      ids.unshift(await stored({ connection, createdAt: `2026-11-19T${hour}:00:00.000Z` }));
    }
  });
  const listed = ["transactions", "list", "--connection", connection];
  const idsIn = (json: { items: { id: string }[] }) => json.items.map(({ id }) => id);

  test("shows a row each, newest first, below a heading", async () => {
    const { code, out, error } = await run(...listed);
    expect([code, error]).toEqual([0, ""]);
    const lines = out.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ID +KIND +STATUS +AMOUNT +CONNECTION +CREATED$/);
    expect(lines.slice(1).map((line) => line.split(/\s+/)[0])).toEqual(ids);
    expect(lines[1]).toContain("19.99 USD");
  });

  test("pages: one at a time with the cursor, or all", async () => {
    const first = (await run(...listed, "--limit", "2", "--json")).json<{ items: { id: string }[]; cursor: string }>();
    expect(idsIn(first)).toEqual(ids.slice(0, 2));
    const second = await run(...listed, "--limit", "2", "--cursor", first.cursor, "--json");
    expect(idsIn(second.json())).toEqual(ids.slice(2, 4));
    const all = await run(...listed, "--limit", "2", "--all", "--json");
    expect(all.json()).toEqual({ items: expect.any(Array) });
    expect(idsIn(all.json())).toEqual(ids);
    const table = await run(...listed, "--limit", "2", "--all");
    expect(table.out.match(/^ID /gm)).toHaveLength(1);
    expect(table.out.match(/^txn_/gm)).toHaveLength(5);
  });

  test("says that there may be more, beside the rows", async () => {
    const { out, error } = await run(...listed, "--limit", "2");
    expect(out.match(/^txn_/gm)).toHaveLength(2);
    expect(error).toMatch(/^There may be more: --all, or --cursor \S+\n$/);
  });

  test("filters as the API does", async () => {
    const window = ["--from", "2026-11-19T11:00:00Z", "--to", "2026-11-19T13:00:00Z"];
    expect(idsIn((await run(...listed, ...window, "--json")).json())).toEqual([ids[3], ids[2]].sort(newestFirst));
    const none = await run(...listed, "--status", "failed", "--kind", "spendback", "--batch", "b");
    expect([none.code, none.out, none.error]).toEqual([0, "", "There are none.\n"]);
    expect((await run(...listed, "--original", "o", "--json")).json()).toEqual({ items: [] });
    const { code, error } = await run(...listed, "--status", "lost");
    expect(code).toBe(2);
    expect(error).toContain("status: ");
  });
  const newestFirst = (one = "", other = "") => ids.indexOf(one) - ids.indexOf(other);

  test("ends quietly when nobody reads on", async () => {
    const { child, ended } = start([...listed, "--limit", "1", "--all"], env());
    child.stdout.destroy();
    const { code, error } = await ended;
    expect([code, error]).toEqual([0, ""]);
  });
});

describe("transactions show", () => {
  test("shows what is known, with the log", async () => {
    const id = await stored({
      status: "failed",
      failure: { code: "insufficient_funds", message: "too little\u001b[2J" },
    });
    const { code, out } = await run("transactions", "show", id);
    expect(code).toBe(0);
    expect(out).toContain(`${id}  spendback  failed`);
    expect(out).toMatch(/2026-11-20T09:30:00\.000Z {2}pending +api/);
    // What somebody else wrote cannot steer the terminal.
    expect(out).toContain("too little\ufffd[2J");
    expect((await run("transactions", "show", id, "--json")).json()).toMatchObject({ id, status: "failed" });
  });

  test("of what is not there is refused", async () => {
    const { code, problem } = await run("transactions", "show", "txn/../nobody", "--json");
    expect([code, problem()["code"]]).toEqual([2, "not_found"]);
  });
});

describe("transactions watch", () => {
  test.each([
    ["succeeded", 0],
    ["failed", 3],
    ["canceled", 3],
    ["needs_review", 4],
  ] as const)("of one that is %s ends at once with %i", async (status, code) => {
    const id = await stored({ status });
    const watched = await run("transactions", "watch", id);
    expect(watched.code).toBe(code);
    expect(watched.out).toContain(id);
    expect((await run("transactions", "watch", id, "--json")).json()).toMatchObject({ id, status });
  });

  test("tells each line of the log as it comes, until it is over", async () => {
    await api.arm({ operation: "spendback", fault: "slow", delayMs: 1_500 });
    const { body } = await api.spendback("watched", {}, { prefer: "" });
    const { code, out } = await run("transactions", "watch", body.id);
    expect(code).toBe(0);
    const statuses = out.split("\n").flatMap((line) => /^\S+Z {2}(\w+)/.exec(line)?.[1] ?? []);
    expect(statuses).toEqual(["pending", "processing", "succeeded"]);
    expect(out).toContain(`${body.id} is succeeded.`);
  });

  test("ends with 5 when the wait ends first", async () => {
    const id = await stored();
    const { code, json } = await run("transactions", "watch", id, "--wait", "1", "--json");
    expect([code, json()["status"]]).toEqual([5, "pending"]);
  });

  test("ends cleanly on Ctrl-C", async () => {
    const { child, output, ended } = start(["transactions", "watch", await stored()], env());
    await vi.waitFor(() => expect(output.out).toContain("pending"), { timeout: 10_000 });
    child.kill("SIGINT");
    const { code, error } = await ended;
    expect([code, error]).toEqual([130, "Interrupted. What was accepted goes on.\n"]);
  });
});

describe("transactions cancel", () => {
  test("takes back what was not sent", async () => {
    const id = await stored();
    const { code, out } = await run("transactions", "cancel", id);
    expect(code).toBe(0);
    expect(out).toContain(`${id}  spendback  canceled`);
    expect((await run("transactions", "cancel", id, "--json")).json()).toMatchObject({ status: "canceled" });
  });

  test("of one that is over is refused", async () => {
    const { code, problem } = await run("transactions", "cancel", await stored({ status: "succeeded" }), "--json");
    expect([code, problem()["code"]]).toEqual([2, "not_cancelable"]);
  });
});

describe("transactions resolve", () => {
  const said = ["--outcome", "failed", "--reason", "the provider's support says so"];

  test("says how it ended, with the reason", async () => {
    const id = await inReview();
    const { code, out } = await run("transactions", "resolve", id, ...said, "--yes");
    expect(code).toBe(0);
    expect(out).toContain("by key:key_local: the provider's support says so");
    const other = await inReview();
    const movement = ["--outcome", "succeeded", "--reason", "seen", "--provider-transaction-id", "p-77"];
    expect((await run("transactions", "resolve", other, ...movement, "--yes", "--json")).json()).toMatchObject({
      status: "succeeded",
      providerTransactionId: "p-77",
    });
  });

  test("without a person to ask changes nothing unless --yes says so", async () => {
    const id = await inReview();
    const { code, out, error } = await run("transactions", "resolve", id, ...said);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain("add --yes");
    expect((await api.get(`/v1/transactions/${id}`)).body.status).toBe("needs_review");
  });

  test("asks the person at the terminal, who sees what it is about", async () => {
    const id = await inReview();
    const said = ["--outcome", "failed", "--reason", "seen"];
    const resolveWith = (answer: string) =>
      moneyback(
        ["transactions", "resolve", id, ...said],
        { ...env(), NO_COLOR: "1" },
        { isTTY: true, stdin: () => typed(`${answer}\n`) },
      );
    const refused = await resolveWith("n");
    expect([refused.code, refused.out]).toEqual([1, ""]);
    expect(refused.error).toContain(`${id}  spendback  needs_review`);
    expect(refused.error).toContain("Say for good that this spendback of 19.99 USD failed: no money moved? [y/N] ");
    expect(refused.error).toContain("Not resolved.");
    expect((await api.get(`/v1/transactions/${id}`)).body.status).toBe("needs_review");
    expect((await resolveWith("yes")).code).toBe(0);
    expect((await api.get(`/v1/transactions/${id}`)).body.status).toBe("failed");
  });

  test.each([
    [["--outcome", "maybe", "--reason", "x"], "Allowed choices are succeeded, failed"],
    [["--outcome", "failed"], "--reason"],
    [["--reason", "x"], "--outcome"],
    [["--outcome", "failed", "--reason", " "], "must not be empty"],
  ])("with %j is refused", async (args, why) => {
    const { code, error } = await run("transactions", "resolve", "txn_a", ...args, "--yes");
    expect(code).toBe(1);
    expect(error).toContain(why);
  });

  test("of one that needs none is refused by the API", async () => {
    const { code, problem } = await run("transactions", "resolve", await stored(), ...said, "--yes", "--json");
    expect([code, problem()["code"]]).toEqual([2, "not_resolvable"]);
  });
});
