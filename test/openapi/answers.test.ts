/** Real answers of every operation, held against the published description; and nothing is described that nobody has seen. */
import { describe, expect, test } from "vitest";
import { GetHealth, run as health } from "../../functions/get-health.ts";
import { endpointHandler } from "../../lib/lambda/endpoint.ts";
import * as requests from "../../openapi/examples/requests.ts";
import { until } from "../flow/api-client.ts";
import { apiEvent, captureLog, context } from "../lambda/api-event.ts";
import { answersStage, otherTenantsKey } from "./answers-stage.ts";
import { shellAnswers } from "./shell-answers.ts";
import { otherGroups, witness } from "./witness.ts";

captureLog();

const seer = witness();
const { call, sandbox, stored, storedEndpoint, connectionIds } = answersStage(seer);

const usd = (value: number) => ({ value, currency: "USD" });
const waiting = { prefer: "wait=20" };
const codeOf = ({ body }: { readonly body: { readonly code: string } }) => body.code;

test("a shell's own answers are described", async () => {
  for (const exchange of await shellAnswers()) seer.see(exchange);
});

describe("the calls that move money", () => {
  const { spendback, partialRefund, splitRefund, refundOfTheRest, cashback } = requests;

  test.each([
    ["/v1/spendbacks", spendback],
    ["/v1/refunds", partialRefund],
    ["/v1/refunds", splitRefund],
    ["/v1/refunds", refundOfTheRest],
    ["/v1/cashbacks", cashback],
  ])("%s does what its example says, at once and again: %j", async (path, body) => {
    const key = `example ${JSON.stringify(body).length}`;
    const first = await call<{ status: string }>(`POST ${path}`, { body, key, headers: waiting });
    expect([first.status, first.body.status]).toEqual([201, "succeeded"]);
    const again = await call(`POST ${path}`, { body, key, headers: waiting });
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([201, "true"]);
    expect(codeOf(await call(`POST ${path}`, { body: { ...body, description: "other" }, key }))).toBe(
      "idempotency_key_reused",
    );
  });

  test.each([
    ["/v1/spendbacks", spendback, "paysafe"],
    ["/v1/refunds", partialRefund, "ipayout"],
    ["/v1/cashbacks", cashback, "ipayout"],
  ])("%s answers at once, and refuses connections that cannot", async (path, body, other) => {
    expect((await call(`POST ${path}`, { body })).status).toBe(202);
    expect(codeOf(await call(`POST ${path}`, { body: { ...body, connection: other } }))).toBe("unsupported_operation");
    expect(codeOf(await call(`POST ${path}`, { body: { ...body, connection: "none" } }))).toBe("unknown_connection");
  });

  test("a refund that does not fit", async () => {
    const order = { connection: "paysafe", original: "stl-5500", amount: usd(2_000) };
    await call("POST /v1/refunds", { body: order, headers: waiting });
    expect(codeOf(await call("POST /v1/refunds", { body: order }))).toBe("refund_exceeds_remaining");
  });

  test("a spendback that fails", async () => {
    const body = { ...spendback, amount: usd(900_000_000) };
    const failed = await call<{ failure: { code: string } }>("POST /v1/spendbacks", { body, headers: waiting });
    expect(failed.body.failure.code).toBe("insufficient_funds");
  });

  test("a cashback that waits for the next run", async () => {
    const order = { body: requests.scheduledCashback, key: "scheduled" };
    const taken = await call<{ id: string; status: string }>("POST /v1/cashbacks", order);
    expect([taken.status, taken.body.status]).toEqual([201, "waiting"]);
    expect(taken.headers.get("location")).toBe(`/v1/accruals/${taken.body.id}`);
    expect((await call("POST /v1/cashbacks", order)).headers.get("idempotent-replayed")).toBe("true");
  });
});

describe("transactions", () => {
  test("are read, alone and in pages", async () => {
    const { body } = await call<{ items: { id: string }[]; cursor: string }>("GET /v1/transactions?limit=2");
    expect((await call(`GET /v1/transactions?limit=2&cursor=${body.cursor}`)).status).toBe(200);
    expect((await call(`GET /v1/transactions/${body.items[0]?.id}`)).status).toBe(200);
    expect(codeOf(await call("GET /v1/transactions/txn_none"))).toBe("not_found");
  });

  test("are canceled, or not, or nobody knows yet", async () => {
    const pending = await stored({ recipient: { id: "ben-alice" } });
    expect((await call(`POST /v1/transactions/${pending}/cancel`)).status).toBe(200);
    const over = await stored({ status: "succeeded", attempts: 1 });
    expect(codeOf(await call(`POST /v1/transactions/${over}/cancel`))).toBe("not_cancelable");
    expect(codeOf(await call("POST /v1/transactions/txn_none/cancel"))).toBe("not_found");

    await sandbox("switches", { provider: "paysafe", switch: "batch-lookups", value: 1_000 });
    const { body } = await call("POST /v1/refunds", {
      body: { ...requests.partialRefund, amount: usd(100) },
      headers: { prefer: "wait=2" },
    });
    await sandbox("faults", { provider: "paysafe", operation: "cancel", fault: "error-500-before", times: 1 });
    expect(codeOf(await call(`POST /v1/transactions/${body.id}/cancel`))).toBe("provider_unavailable");
  });

  test("are resolved, where an operator is asked", async () => {
    const asked = await stored({ status: "needs_review", attempts: 1, attempt: "open" });
    const body = requests.resolution;
    expect((await call(`POST /v1/transactions/${asked}/resolve`, { body })).status).toBe(200);
    const over = await stored({ status: "succeeded", attempts: 1 });
    expect(codeOf(await call(`POST /v1/transactions/${over}/resolve`, { body }))).toBe("not_resolvable");
    expect(codeOf(await call("POST /v1/transactions/txn_none/resolve", { body }))).toBe("not_found");
  });
});

test("a month's usage", async () => {
  const { body } = await call<{ transactions: { spendback: number } }>(
    `GET /v1/usage?month=${new Date().toISOString().slice(0, 7)}`,
  );
  expect(body.transactions.spendback).toBeGreaterThan(0);
});

describe("connections", () => {
  const balance = (query: object) =>
    call(`GET /v1/balances?${new URLSearchParams({ ...requests.balanceQuery, ...query })}`);

  test("tell balances, or why not", async () => {
    expect((await balance({})).status).toBe(200);
    expect(codeOf(await balance({ connection: "none" }))).toBe("unknown_connection");
    expect(codeOf(await balance({ connection: "mircate", account: "alice-try", currency: "TRY" }))).toBe(
      "unsupported_operation",
    );
    expect(codeOf(await balance({ account: "nobody" }))).toBe("not_found");
    await sandbox("faults", { provider: "ipayout", operation: "balance", fault: "error-500-before", times: 1 });
    expect(codeOf(await balance({}))).toBe("provider_unavailable");
    // A new session that is refused as well is no matter of its age.
    await sandbox("faults", { provider: "ipayout", operation: "balance", fault: "expired-token", times: 2 });
    expect(codeOf(await balance({}))).toBe("provider_refused");
  });

  test("are checked, whatever the provider says", async () => {
    const logins: string[] = [];
    for (const id of connectionIds()) {
      logins.push((await call<{ login: { status: string } }>(`POST /v1/connections/${id}/check`)).body.login.status);
    }
    await sandbox("faults", { provider: "ipayout", operation: "authenticate", fault: "error-500-before", times: 1 });
    const down = await call<{ login: { status: string } }>("POST /v1/connections/ipayout/check");
    expect([...new Set(logins), down.body.login.status]).toEqual(["accepted", "not-needed", "unavailable"]);
    expect(codeOf(await call("POST /v1/connections/none/check"))).toBe("unknown_connection");
  });
});

describe("webhook endpoints", () => {
  const url = "http://127.0.0.1:9/hooks";

  test("are registered, shown, changed and deleted", async () => {
    const key = "endpoint";
    const body = { ...requests.webhookEndpoint, url };
    const { body: made } = await call("POST /v1/webhook-endpoints", { body, key });
    expect((await call("POST /v1/webhook-endpoints", { body, key })).headers.get("idempotent-replayed")).toBe("true");
    expect(codeOf(await call("POST /v1/webhook-endpoints", { body: { url }, key }))).toBe("idempotency_key_reused");
    const own = `/v1/webhook-endpoints/${made.id}`;
    await call("GET /v1/webhook-endpoints");
    await call(`GET ${own}`);
    await call(`POST ${own}/enable`);
    await call(`POST ${own}/rotate`, { key: "rotation" });
    await call(`POST ${own}/rotate`, { key: "rotation" });
    for (let more = 0; more < 3; more++) await call(`POST ${own}/rotate`);
    expect(codeOf(await call(`POST ${own}/rotate`))).toBe("rate_limited");
    const other = await storedEndpoint({ url });
    const reused = await call(`POST /v1/webhook-endpoints/${other}/rotate`, { key: "rotation" });
    expect(codeOf(reused)).toBe("idempotency_key_reused");
    await call(`DELETE ${own}`, { key: "deletion" });
    expect(codeOf(await call(`DELETE /v1/webhook-endpoints/${other}`, { key: "deletion" }))).toBe(
      "idempotency_key_reused",
    );
    expect(codeOf(await call("POST /v1/webhook-endpoints", { body, key }))).toBe("not_found");
  });

  test.each(["GET ", "DELETE ", "POST /rotate", "POST /enable", "GET /deliveries"])(
    "that are not there: %s",
    async (line) => {
      const [method, path] = line.split(" ");
      expect(codeOf(await call(`${method} /v1/webhook-endpoints/whe_none${path}`))).toBe("not_found");
    },
  );

  test("are twenty at most", async () => {
    const headers = { authorization: `Bearer ${otherTenantsKey}` };
    const add = (n: number) => call("POST /v1/webhook-endpoints", { body: { url: `${url}/${n}` }, headers });
    for (let n = 0; n < 20; n++) await add(n);
    expect(codeOf(await add(20))).toBe("webhook_endpoints_exhausted");
  });

  test("have deliveries, which are sent again", async () => {
    const { body } = await call("POST /v1/webhook-endpoints", { body: { url } });
    await call("POST /v1/spendbacks", { body: requests.spendback, headers: waiting });
    const own = `/v1/webhook-endpoints/${body.id}`;
    const { items } = await until(
      async () => (await call<{ items: { id: string; attempts: object[] }[] }>(`GET ${own}/deliveries`)).body,
      ({ items: all }) => all.some(({ attempts }) => attempts.length > 0),
    );
    await call(`GET ${own}/deliveries?limit=1`);
    const one = { deliveryId: items[0]?.id };
    expect((await call(`POST ${own}/replay`, { body: one, key: "replay" })).status).toBe(202);
    await call(`POST ${own}/replay`, { body: requests.replayOfATime });
    const reused = await call(`POST ${own}/replay`, { body: requests.replayOfATime, key: "replay" });
    expect(codeOf(reused)).toBe("idempotency_key_reused");
    const nowhere = await call("POST /v1/webhook-endpoints/whe_none/replay", { body: one });
    expect(codeOf(nowhere)).toBe("not_found");
    const disabled = await storedEndpoint({ url, disabled: { reason: "gone", at: "2026-11-20T10:00:00.000Z" } });
    await call(`GET /v1/webhook-endpoints/${disabled}`);
    const refused = await call(`POST /v1/webhook-endpoints/${disabled}/replay`, { body: one });
    expect(codeOf(refused)).toBe("webhook_endpoint_disabled");
  });
});

describe("the service", () => {
  test("takes what providers send, if it is theirs", async () => {
    expect((await call("POST /v1/webhooks/mircate", { body: {} })).status).toBe(200);
    expect(codeOf(await call("POST /v1/webhooks/ipayout", { body: {} }))).toBe("unauthorized");
    expect(codeOf(await call("POST /v1/webhooks/none", { body: {} }))).toBe("not_found");
  });

  test("says how it is", async () => {
    await call("GET /v1/health");
    const broken = async (): Promise<never> => {
      throw new Error("the database does not answer");
    };
    const down = { all: broken };
    const dependencies = {
      connections: down,
      transactions: { get: broken },
      states: { get: broken },
      now: () => new Date(),
    };
    const handler = endpointHandler({ input: GetHealth, run: health }, () => dependencies);
    const { statusCode = 0, headers, body = "" } = await handler(apiEvent({ method: "GET" }), context);
    seer.see({
      method: "GET",
      path: "/v1/health",
      status: statusCode,
      headers: new Headers(headers as Record<string, string>),
      body: JSON.parse(body),
    });
  });

  test.each(["/openapi.json", "/docs"])("describes itself at %s, and not twice", async (path) => {
    const { headers } = await call(`GET ${path}`, { headers: { authorization: "" } });
    expect(headers.get("cache-control")).toBe("public, max-age=300");
    const known = { "if-none-match": headers.get("etag") ?? "" };
    expect((await call(`GET ${path}`, { headers: known })).status).toBe(304);
    expect((await call(`GET ${path}`, { headers: { "if-none-match": '"another"' } })).status).toBe(200);
  });
});

test("nothing is described that was not seen", () => {
  expect(witness().unseen(otherGroups).length).toBeGreaterThan(50);
  expect(seer.unseen(otherGroups)).toEqual([]);
});
