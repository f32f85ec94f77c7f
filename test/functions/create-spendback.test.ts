/** Facts about `POST /v1/spendbacks`, through the endpoint's shell. */
import { describe, expect, test } from "vitest";
import type { FlowInput } from "../../lib/flow/starter.ts";
import { CreateSpendback, createSpendback } from "../../lib/lambda/create-spendback.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import { memoryClaims, memoryTransactions } from "../../lib/store/memory-store.ts";
import { apiEvent, caller, captureLog, context } from "../lambda/api-event.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { fc } from "../property.ts";
import { bookOf, configured, type Script, scriptedConnector } from "./scripted-connector.ts";

const log = captureLog();

const valid = {
  connection: "scripted",
  recipient: { id: "b-1", email: "payee@example.com" },
  amount: { value: 1999, currency: "USD" },
  description: "October",
  metadata: { order: "17" },
};

function stage(script: Script = {}) {
  const scripted = scriptedConnector(script);
  const { config } = configured(scripted.connector);
  const connections = bookOf([
    configured(scripted.connector),
    configured(scripted.connector, { id: "others", config: { ...config, tenants: ["somebody-else"] } }),
    configured(scripted.connector, { id: "ours", config: { ...config, tenants: ["somebody-else", "acme"] } }),
  ]);
  const started: FlowInput[] = [];
  const flow = {
    start: async (input: FlowInput) => {
      started.push(input);
    },
  };
  const transactions = memoryTransactions();
  const dependencies = { transactions, claims: memoryClaims(), flow, connections, ...virtualClock() };
  const handler = endpointHandler(
    { scope: "transactions:write", mutates: true, input: CreateSpendback, run: createSpendback },
    () => dependencies,
  );
  let keys = 0;
  const post = async (body: unknown, headers: Record<string, string> = { "idempotency-key": `key-${keys++}` }) => {
    const answer = await handler(apiEvent({ body: JSON.stringify(body), headers, caller }), context);
    return { ...answer, json: JSON.parse(answer.body ?? "null") };
  };
  const all = async () => (await transactions.list({ tenant: "acme", limit: 100 })).items;
  return { post, all, started, calls: scripted.calls };
}

/** The valid request with one member replaced; undefined removes it. */
function changed(members: object): object {
  return JSON.parse(JSON.stringify({ ...valid, ...members }));
}

describe("a spendback", () => {
  test("is accepted with 202, its address and its content, and its flow is started", async () => {
    const { post, started, all, calls } = stage();
    const { statusCode, headers, json } = await post(valid);
    expect(statusCode).toBe(202);
    expect(headers).toMatchObject({
      "content-type": "application/json",
      location: `/v1/transactions/${json.id}`,
      "x-request-id": "Hg7PqhFeoAMEJ1w=",
    });
    expect(json).toEqual({
      id: expect.stringMatching(/^txn_[0-9a-z]{26}$/),
      kind: "spendback",
      status: "pending",
      provider: "scripted",
      ...valid,
      attempts: 0,
      createdAt: "2026-11-20T09:30:00.000Z",
      updatedAt: "2026-11-20T09:30:00.000Z",
      nextActionAt: "2026-11-20T09:31:30.000Z",
      log: [{ at: "2026-11-20T09:30:00.000Z", status: "pending", by: "api" }],
    });
    expect(started).toEqual([{ transactionId: json.id, connection: "scripted", kind: "spendback" }]);
    expect(await all()).toHaveLength(1);
    expect(calls).toEqual([]);
    expect(log.lines().at(-1)).toMatchObject({ transactionId: json.id, status: 202 });
  });

  test("repeated is answered with the same transaction, and with another body not at all", async () => {
    const { post, all } = stage();
    const headers = { "idempotency-key": "order-17" };
    const first = await post(valid, headers);
    const again = await post(valid, { "idempotency-key": '"order-17"' });
    expect([again.statusCode, again.json.id]).toEqual([202, first.json.id]);
    expect(again.headers).toMatchObject({ "idempotent-replayed": "true" });
    const other = await post(changed({ amount: { value: 2000, currency: "USD" } }), headers);
    expect([other.statusCode, other.json.code]).toEqual([422, "idempotency_key_reused"]);
    expect(await all()).toHaveLength(1);
  });

  test("without a key is refused and leaves nothing behind", async () => {
    const { post, all } = stage();
    const { statusCode, json } = await post(valid, {});
    expect([statusCode, json.code]).toEqual([400, "idempotency_key_missing"]);
    expect(await all()).toEqual([]);
  });

  test.each(["unknown", "others"])("over the connection %j, unknown to this tenant, is refused", async (connection) => {
    const { post, all, started } = stage();
    const { statusCode, json } = await post(changed({ connection }));
    expect([statusCode, json.code, json.detail]).toEqual([
      400,
      "unknown_connection",
      `There is no connection "${connection}" that can be used. GET /v1/health lists what is configured, and what is wrong.`,
    ]);
    expect(await all()).toEqual([]);
    expect(started).toEqual([]);
  });

  test("over a connection that names this tenant is accepted", async () => {
    expect((await stage().post(changed({ connection: "ours" }))).statusCode).toBe(202);
  });

  test("over a connection that takes none is refused", async () => {
    const { statusCode, json } = await stage({ noSpendback: true }).post(valid);
    expect([statusCode, json.code]).toEqual([400, "unsupported_operation"]);
  });

  test("that lacks what its provider needs is refused with the field, before anything is recorded", async () => {
    const errors = [{ path: "recipient.id", message: "is required by scripted: the beneficiary token" }];
    const { post, all } = stage({ check: ({ recipient }) => (recipient.id ? [] : errors) });
    const { statusCode, json } = await post(changed({ recipient: { ref: "payee" } }));
    expect([statusCode, json.code, json.errors]).toEqual([400, "validation_failed", errors]);
    expect(await all()).toEqual([]);
    expect((await post(valid)).statusCode).toBe(202);
  });

  test("that is wrong in many fields is refused with all of them", async () => {
    const { json } = await stage().post({
      recipient: { id: "x".repeat(301), phone: "1" },
      amount: { value: 19.99, currency: "usd" },
      description: "x".repeat(201),
      metadata: { order: 17 },
      currency: "USD",
    });
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      "amount.currency",
      "amount.value",
      "connection",
      "currency",
      "description",
      "metadata.order",
      "recipient.id",
      "recipient.phone",
    ]);
  });

  const wrong: readonly (readonly [string, object])[] = [
    ["amount.value", { amount: { value: 0, currency: "USD" } }],
    ["amount.value", { amount: { value: -1, currency: "USD" } }],
    ["amount.value", { amount: { value: 1_000_000_000_001, currency: "USD" } }],
    ["amount.value", { amount: { value: "1999", currency: "USD" } }],
    ["amount.currency", { amount: { value: 1999, currency: "BGN" } }],
    ["amount.currency", { amount: { value: 1999 } }],
    ["amount", { amount: undefined }],
    ["recipient", { recipient: {} }],
    ["recipient", { recipient: undefined }],
    ["recipient.email", { recipient: { email: "payee" } }],
    ["recipient.id", { recipient: { id: "x".repeat(301) } }],
    ["description", { description: "" }],
    ["description", { description: null }],
    ["metadata", { metadata: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`k${n}`, ""])) }],
    ["metadata", { metadata: "order" }],
    // DynamoDB would refuse it later, with the key claimed already.
    ["metadata.", { metadata: { "": "17" } }],
    [`metadata.${"k".repeat(41)}`, { metadata: { ["k".repeat(41)]: "17" } }],
  ];
  test.each(wrong)("with a wrong %s is refused: %j", async (path, members) => {
    const { post, all } = stage();
    const { statusCode, json } = await post(changed(members));
    expect([statusCode, json.code]).toEqual([400, "validation_failed"]);
    expect(json.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await all()).toEqual([]);
  });

  test.each([
    { amount: { value: 1, currency: "JPY" } },
    { amount: { value: 1_000_000_000_000, currency: "TND" } },
    { recipient: { ref: "x" }, description: undefined, metadata: undefined },
    { metadata: {} },
    { metadata: { note: "", ["k".repeat(40)]: "v".repeat(200) } },
    { description: "返金 💸 Überzahlung" },
  ])("at the edge of what is allowed is accepted: %j", async (members) => {
    expect((await stage().post(changed(members))).statusCode).toBe(202);
  });

  test("is never answered 5xx, whatever is sent", async () => {
    const { post } = stage();
    const member = fc.constantFrom("connection", "recipient", "amount", "description", "metadata", "__proto__", "x");
    const mutated = fc
      .tuple(fc.dictionary(member, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }), fc.boolean())
      .map(([members, whole]) => (whole ? { ...valid, ...members } : members));
    const anything = fc.oneof(fc.jsonValue({ maxDepth: 3 }), mutated);
    await fc.assert(
      fc.asyncProperty(anything, async (body) => {
        const { statusCode, json } = await post(body);
        expect([202, 400]).toContain(statusCode);
        if (statusCode === 400) expect(["validation_failed", "unknown_connection"]).toContain(json.code);
      }),
      { numRuns: 400 },
    );
  });
});
