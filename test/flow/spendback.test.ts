/** A spendback on the whole local stack: the API, the deployed flow definition, real SDK clients, the sandbox. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { apiClient, spendbackOrder, type TransactionBody } from "./api-client.ts";

let stack: Stack;
let api: ReturnType<typeof apiClient>;
let nextKey = 0;
const newKey = () => `key-${nextKey++}`;

beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
  api = apiClient(stack);
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await stack.flow.idle();
  await api.reset();
});

const operations = async () => (await api.received()).map(({ operation }) => operation);
const moneyCalls = async () => (await api.received()).filter(({ operation }) => operation === "spendback");

describe("a spendback", () => {
  test("is answered 202 at once, with where to look, and succeeds", async () => {
    const { status, headers, body } = await api.spendback(newKey(), {}, { prefer: "" });
    expect(status).toBe(202);
    expect(body).toMatchObject({ kind: "spendback", status: "pending", attempts: 0 });
    expect(headers.get("location")).toBe(`/v1/transactions/${body.id}`);
    await stack.flow.idle();
    const { body: found } = await api.get(`/v1/transactions/${body.id}`);
    expect(found.status).toBe("succeeded");
    expect(found.log.map((entry) => entry.status)).toEqual(["pending", "processing", "succeeded"]);
    expect(found.nextActionAt).toBeUndefined();
  });

  test("with Prefer: wait is answered 201 with the outcome", async () => {
    const { status, headers, body } = await api.spendback(newKey());
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: "succeeded", attempts: 1 });
    expect(headers.get("preference-applied")).toBe("wait=15");
    expect(await api.movements(body.id)).toMatchObject([
      { account: "ben-alice", amount: { value: 1_000, currency: "USD" } },
    ]);
  });

  test("logs in once for many", async () => {
    for (let count = 0; count < 5; count++) await api.spendback(newKey());
    expect((await operations()).filter((operation) => operation === "authenticate").length).toBeLessThanOrEqual(1);
  });

  test("beyond the balance fails without a money call", async () => {
    const { body } = await api.spendback(newKey(), { amount: { value: 100_001, currency: "USD" } });
    expect(body).toMatchObject({ status: "failed", attempts: 0, failure: { code: "insufficient_funds" } });
    expect(await moneyCalls()).toEqual([]);
  });

  test("of exactly the balance succeeds", async () => {
    const { body } = await api.spendback(newKey(), { amount: { value: 100_000, currency: "USD" } });
    expect(body.status).toBe("succeeded");
  });

  test("of a wallet that the provider does not know fails without a money call", async () => {
    const { body } = await api.spendback(newKey(), { recipient: { id: "ben-nobody" } });
    expect(body).toMatchObject({ status: "failed", failure: { code: "account_not_found" } });
    expect(await moneyCalls()).toEqual([]);
  });

  test("keeps the digits of currencies without and with three minor digits", async () => {
    const yen = await api.spendback(newKey(), { amount: { value: 1_999, currency: "JPY" } });
    const dinar = await api.spendback(newKey(), { amount: { value: 1_234, currency: "TND" } });
    expect(await api.movements(yen.body.id)).toMatchObject([{ amount: { value: 1_999, currency: "JPY" } }]);
    expect(await api.movements(dinar.body.id)).toMatchObject([{ amount: { value: 1_234, currency: "TND" } }]);
  });
});

describe("metadata", () => {
  test("keeps names that mean something to JavaScript", async () => {
    const metadata = { constructor: "a", toString: "b", hasOwnProperty: "c" };
    const { status, body } = await api.spendback(newKey(), { metadata });
    expect([status, body]).toMatchObject([201, { status: "succeeded", metadata }]);
  });

  test("with a name that objects drop without a word is refused, and the key stays free", async () => {
    const key = newKey();
    const order = JSON.stringify(spendbackOrder()).replace(/}$/, ',"metadata":{"__proto__":"x"}}');
    const refused = await api.post("/v1/spendbacks", order, { "idempotency-key": key });
    expect([refused.status, refused.body]).toMatchObject([400, { errors: [{ path: "__proto__" }] }]);
    expect((await api.spendback(key)).body.status).toBe("succeeded");
  });
});

describe("one key", () => {
  test("of 40 callers at once moves the money once and gives all the same transaction", async () => {
    const key = newKey();
    const replies = await Promise.all(Array.from({ length: 40 }, () => api.spendback(key)));
    expect(new Set(replies.map(({ body }) => body.id)).size).toBe(1);
    expect(replies.every(({ body }) => body.status === "succeeded")).toBe(true);
    expect(replies.filter(({ headers }) => headers.get("idempotent-replayed") === null)).toHaveLength(1);
    expect(await api.movements(replies[0]?.body.id ?? "")).toHaveLength(1);
  });

  test("with the same request in another order of members is a repeat", async () => {
    const key = newKey();
    const { connection, recipient } = spendbackOrder();
    const first = await api.spendback(key);
    const again = await api.post(
      "/v1/spendbacks",
      { amount: { currency: "USD", value: 1_000 }, recipient, connection },
      { "idempotency-key": key },
    );
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
  });

  test("with another request is refused with 422", async () => {
    const key = newKey();
    await api.spendback(key);
    const { status, body } = await api.spendback(key, { amount: { value: 1_001, currency: "USD" } });
    expect([status, body]).toMatchObject([422, { code: "idempotency_key_reused" }]);
  });

  test("is required", async () => {
    const { status, body } = await api.post("/v1/spendbacks", spendbackOrder());
    expect([status, body]).toMatchObject([400, { code: "idempotency_key_missing" }]);
  });
});

describe("a session", () => {
  test.each(["balance", "spendback", "lookup"])(
    "rejected at the %s is renewed once, and the money moves once",
    async (operation) => {
      await api.spendback(newKey());
      await api.forgetReceived();
      // A lookup is only made when the answer is lost.
      if (operation === "lookup") await api.arm({ operation: "spendback", fault: "reset-after" });
      await api.arm({ operation, fault: "expired-token" });
      const { body } = await api.spendback(newKey());
      expect(body.status).toBe("succeeded");
      expect((await operations()).filter((name) => name === "authenticate")).toHaveLength(1);
      expect(await api.movements(body.id)).toHaveLength(1);
    },
  );

  test("rejected again right after it was renewed leaves the spendback due, with nothing sent; the next flow sends it", async () => {
    await api.arm({ operation: "spendback", fault: "expired-token", times: 2 });
    const { body } = await api.spendback(newKey(), {}, { prefer: "" });
    await stack.flow.idle();
    const { body: left } = await api.get(`/v1/transactions/${body.id}`);
    expect(left).toMatchObject({ status: "processing", attempts: 2 });
    expect(left.nextActionAt).toBeDefined();
    expect(await api.movements(body.id)).toEqual([]);

    stack.flow.start({ input: JSON.stringify({ transactionId: body.id, connection: "ipayout", kind: "spendback" }) });
    await stack.flow.idle();
    expect((await api.get(`/v1/transactions/${body.id}`)).body.status).toBe("succeeded");
    expect(await api.movements(body.id)).toHaveLength(1);
  });
});

describe("an answer", () => {
  test.each(["reset-after", "error-500-after", "garbage-200"])(
    "lost by %s is found again: succeeded, moved once, sent once",
    async (fault) => {
      await api.arm({ operation: "spendback", fault });
      const { body } = await api.spendback(newKey());
      expect(body.status).toBe("succeeded");
      expect(await api.movements(body.id)).toHaveLength(1);
      expect(await moneyCalls()).toHaveLength(1);
    },
  );

  test("of rate-limit is no doubt: sent again and moved once", async () => {
    await api.arm({ operation: "spendback", fault: "rate-limit" });
    const { body } = await api.spendback(newKey());
    expect(body).toMatchObject({ status: "succeeded", attempts: 2 });
    expect(await api.movements(body.id)).toHaveLength(1);
  });

  test("that says pending is looked up until it is settled", async () => {
    await api.arm({ operation: "spendback", fault: "pending-then-settled" });
    const { body } = await api.spendback(newKey());
    expect(body.status).toBe("succeeded");
    expect(await moneyCalls()).toHaveLength(1);
  });

  test("that says pending and then declined ends failed", async () => {
    await api.arm({ operation: "spendback", fault: "pending-then-failed" });
    const { body } = await api.spendback(newKey());
    expect(body).toMatchObject({ status: "failed", failure: { code: "provider_declined" } });
  });
});

describe("the list", () => {
  test("gives every transaction once, newest first, page by page", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 7; count++) ids.push((await api.spendback(newKey())).body.id);
    const listed: string[] = [];
    for (let cursor = ""; ; ) {
      const { body } = await api.get<{ items: TransactionBody[]; cursor?: string }>(
        `/v1/transactions?limit=3${cursor && `&cursor=${cursor}`}`,
      );
      listed.push(...body.items.map(({ id }) => id));
      if (!body.cursor) break;
      cursor = body.cursor;
    }
    expect(listed.slice(0, 7)).toEqual(ids.reverse());
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe("an answer that never was", () => {
  test.each(["reset-before", "error-500-before"])(
    "by %s, leaves the spendback open and due, and sends nothing twice",
    async (fault) => {
      // A stack of its own: its flow goes on looking for a minute, which the other tests would wait for.
      const own = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: false });
      const client = apiClient(own);
      try {
        await client.arm({ operation: "spendback", fault });
        const { body } = await client.spendback("one", {}, { prefer: "wait=4" });
        expect(body.status).toBe("processing");
        expect(body.nextActionAt).toBeDefined();
        expect((await client.received()).filter(({ operation }) => operation === "spendback")).toHaveLength(1);
        expect((await client.received()).some(({ operation }) => operation === "lookup")).toBe(true);
        expect(await client.movements(body.id)).toEqual([]);
      } finally {
        await own.stop();
      }
    },
  );
});
