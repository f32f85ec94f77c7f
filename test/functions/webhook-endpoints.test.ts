/** Facts about the calls that register, show, rotate, enable, replay and delete webhook endpoints. */
import type { Context } from "aws-lambda";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import * as create from "../../functions/create-webhook-endpoint.ts";
import * as remove from "../../functions/delete-webhook-endpoint.ts";
import * as enable from "../../functions/enable-webhook-endpoint.ts";
import * as get from "../../functions/get-webhook-endpoint.ts";
import * as listDeliveries from "../../functions/list-webhook-deliveries.ts";
import * as list from "../../functions/list-webhook-endpoints.ts";
import * as replay from "../../functions/replay-webhook-deliveries.ts";
import * as rotate from "../../functions/rotate-webhook-secret.ts";
import type { WebhookDelivery } from "../../lib/domain/webhook-delivery.ts";
import { signingSecrets } from "../../lib/domain/webhook-endpoint.ts";
import { type ApiEvent, type Endpoint, endpointHandler } from "../../lib/lambda/endpoint.ts";
import { memoryClaims } from "../../lib/store/memory-store.ts";
import { apiEvent, captureLog } from "../lambda/api-event.ts";
import { newTenant } from "../store/sample.ts";
import { deliveryStage } from "./webhook-delivery-stage.ts";

const log = captureLog();

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly secret?: string;
  readonly code?: string;
  readonly errors?: readonly { path: string; message: string }[];
  readonly items?: readonly Shown[];
  readonly replayed?: number;
  readonly cursor?: string;
}

/** The calls as a client makes them, each through the shell that it has. */
function openApi() {
  const stage = deliveryStage();
  let drawn = 0;
  const dependencies = {
    ...stage.dependencies,
    claims: memoryClaims(),
    newSecret: () => `whsec_${Buffer.alloc(32, ++drawn).toString("base64")}`,
  };
  const call =
    <Input>(endpoint: Endpoint<Input, typeof dependencies>, method: "GET" | "POST" | "DELETE") =>
    async (
      given: { path?: object; body?: unknown; query?: object; key?: string; tenant?: string; scopes?: string } = {},
    ) => {
      const { tenant = stage.tenant, scopes = "transactions:read webhooks:write", key, body } = given;
      const event = {
        ...apiEvent({
          method: method === "GET" ? "GET" : "POST",
          ...(body !== undefined && { body: JSON.stringify(body) }),
          ...(key !== undefined && { headers: { "idempotency-key": key } }),
          ...(given.query && { query: given.query as Record<string, string> }),
          ...(given.path && { path: given.path as Record<string, string> }),
          caller: { tenant, keyId: "key-1", scopes },
        }),
      } as ApiEvent;
      const answer = await endpointHandler(endpoint, () => dependencies)(event, { functionName: "f" } as Context);
      return { status: answer.statusCode, headers: answer.headers, body: JSON.parse(answer.body ?? "") as Shown };
    };
  const reads = { scope: "transactions:read" } as const;
  const writes = { scope: "webhooks:write", mutates: true } as const;
  const byPath = { ...writes, from: "parameters" } as const;
  return {
    ...stage,
    dependencies,
    create: call({ ...writes, input: create.CreateWebhookEndpoint, run: create.run }, "POST"),
    list: call({ ...reads, input: list.ListWebhookEndpoints, run: list.run }, "GET"),
    get: call({ ...reads, input: get.GetWebhookEndpoint, run: get.run }, "GET"),
    remove: call({ ...byPath, input: remove.DeleteWebhookEndpoint, run: remove.run }, "DELETE"),
    rotate: call({ ...byPath, input: rotate.RotateWebhookSecret, run: rotate.run }, "POST"),
    enable: call({ ...byPath, input: enable.EnableWebhookEndpoint, run: enable.run }, "POST"),
    deliveries: call({ ...reads, input: listDeliveries.ListWebhookDeliveries, run: listDeliveries.run }, "GET"),
    replay: call({ ...writes, from: "path and body", input: replay.ReplayWebhookDeliveries, run: replay.run }, "POST"),
  };
}

const url = "https://receiver.example.com/hooks";

describe("registering", () => {
  test("answers 201 with the endpoint, and this once with its secret", async () => {
    const api = openApi();
    const body = { url, events: ["transaction.succeeded", "transaction.failed"], description: "Ledger" };
    const created = await api.create({ key: "a", body });
    expect(created.status).toBe(201);
    const { secret, id, ...shown } = created.body;
    expect(id).toMatch(/^whe_[0-9a-z]{26}$/);
    expect(secret).toBe(`whsec_${Buffer.alloc(32, 1).toString("base64")}`);
    expect(shown).toEqual({ ...body, status: "enabled", createdAt: "2026-11-20T10:00:00.000Z" });
    expect((await api.get({ path: { id } })).body).toEqual({ id, ...shown });
    expect((await api.list()).body).toEqual({ items: [{ id, ...shown }] });
    expect(log.text()).not.toContain("whsec_");
  });

  test("without events is for all of them", async () => {
    const api = openApi();
    expect((await api.create({ key: "a", body: { url } })).body).toMatchObject({
      events: [
        "transaction.pending",
        "transaction.processing",
        "transaction.succeeded",
        "transaction.failed",
        "transaction.canceled",
        "transaction.needs_review",
        "transaction.duplicate_detected",
        "batch.done",
        "batch.canceled",
      ],
    });
  });

  test("twice with one key gives the same endpoint and secret, also at once, and after the claim is forgotten", async () => {
    const api = openApi();
    const answers = await Promise.all([1, 2, 3].map(() => api.create({ key: "a", body: { url } })));
    api.clock.advance(31 * 86_400_000);
    answers.push(await api.create({ key: "a", body: { url } }));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => `${body.id} ${body.secret}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers?.["idempotent-replayed"] === "true")).toHaveLength(3);
    expect((await api.list()).body.items).toHaveLength(1);
    const other = { key: "a", body: { url: `${url}/other` } };
    expect(await api.create(other)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  });

  test.each([
    [{}, "url", "is required: where webhooks go, an https:// address"],
    [{ url: "http://receiver.example.com/" }, "url", "must be an https:// address"],
    [{ url: "https://127.0.0.1/" }, "url", "must lead to a public address"],
    [{ url: "https://a:b@receiver.example.com/" }, "url", "must not hold a user name or password"],
    [{ url: `${url}/${"x".repeat(2_000)}` }, "url", "must have at most 2000 characters"],
    [{ url, events: [] }, "events", "must name at least one; leave it out for all"],
    [{ url, description: "" }, "description", "must not be empty"],
    [{ url, secret: "whsec_mine" }, "secret", "is not a known field"],
  ])("%j is refused, and says why", async (body, path, message) => {
    const api = openApi();
    const answer = await api.create({ key: "a", body });
    expect(answer).toMatchObject({ status: 400, body: { code: "validation_failed", errors: [{ path, message }] } });
    expect((await api.list()).body.items).toEqual([]);
  });

  test("that is wrong in several places is told all of them at once", async () => {
    const answer = await openApi().create({ key: "a", body: { url: "ftp://a.b", events: ["nope"], zz: 1 } });
    expect(answer.body.errors?.map(({ path }) => path).sort()).toEqual(["events.0", "url", "zz"]);
  });

  test("for events that there are not is refused, and says which there are", async () => {
    const answer = await openApi().create({ key: "a", body: { url, events: ["transaction.paid"] } });
    expect(answer.body.errors).toEqual([
      { path: "events.0", message: expect.stringContaining("transaction.succeeded") },
    ]);
  });

  test("more than twenty is refused", async () => {
    const api = openApi();
    for (let n = 0; n < 20; n++) await api.create({ key: `k${n}`, body: { url } });
    const answer = await api.create({ key: "one more", body: { url } });
    expect(answer).toMatchObject({ status: 409, body: { code: "webhook_endpoints_exhausted" } });
  });

  test("an address on this machine is for the local run alone", async () => {
    const body = { url: "http://127.0.0.1:4010/_sandbox/receiver" };
    expect((await openApi().create({ key: "a", body })).status).toBe(400);
    vi.stubEnv("WEBHOOK_ALLOW_PRIVATE", "true");
    onTestFinished(() => void vi.unstubAllEnvs());
    expect((await openApi().create({ key: "a", body })).status).toBe(201);
  });
});

describe("another tenant", () => {
  test("finds none of it", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const delivery = await api.put(await api.endpoint(id));
    const stranger = { tenant: newTenant(), path: { id }, key: "b" };
    const body = { deliveryId: delivery.id };
    const calls = [api.get, api.remove, api.rotate, api.enable, api.deliveries].map((call) => call(stranger));
    for (const answer of await Promise.all([...calls, api.replay({ ...stranger, body })])) {
      expect(answer).toMatchObject({ status: 404, body: { code: "not_found" } });
    }
    expect((await api.list({ tenant: stranger.tenant })).body.items).toEqual([]);
    expect((await api.get({ path: { id } })).status).toBe(200);
    expect((await api.stored(delivery)).replayedBy).toBeUndefined();
  });

  test("cannot replay a delivery through an endpoint of its own", async () => {
    const api = openApi();
    const delivery = await api.put(await api.endpoint((await api.create({ key: "a", body: { url } })).body.id));
    const tenant = newTenant();
    const { id } = (await api.create({ key: "a", body: { url }, tenant })).body;
    const body = { deliveryId: delivery.id };
    expect((await api.replay({ path: { id }, key: "b", body, tenant })).status).toBe(404);
  });
});

test("who may not write webhooks may read about them", async () => {
  const api = openApi();
  const { id } = (await api.create({ key: "a", body: { url } })).body;
  const reader = { path: { id }, key: "b", scopes: "transactions:read transactions:write" };
  for (const call of [api.remove, api.rotate, api.enable]) expect((await call(reader)).status).toBe(403);
  expect((await api.create({ ...reader, body: { url } })).status).toBe(403);
  expect((await api.replay({ ...reader, body: { deliveryId: "whd_1" } })).status).toBe(403);
  for (const call of [api.get, api.deliveries]) expect((await call({ ...reader, path: { id } })).status).toBe(200);
});

describe("a rotation", () => {
  test("answers with a new secret; both sign for a day, the new one first", async () => {
    const api = openApi();
    const { id, secret: first } = (await api.create({ key: "a", body: { url } })).body;
    const rotated = await api.rotate({ path: { id }, key: "b" });
    expect(rotated.status).toBe(200);
    const { secret: second } = rotated.body;
    expect(second).not.toBe(first);
    const signing = async () => signingSecrets(await api.endpoint(id), api.clock.now());
    expect(await signing()).toEqual([second, first]);
    api.clock.advance(24 * 3_600_000 - 1);
    expect(await signing()).toEqual([second, first]);
    api.clock.advance(1);
    expect(await signing()).toEqual([second]);
  });

  test("repeated with its key is the same; the secret is told again while it signs, and never after", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const first = await api.rotate({ path: { id }, key: "b" });
    const again = await api.rotate({ path: { id }, key: "b" });
    expect(again.body).toEqual(first.body);
    expect(again.headers).toMatchObject({ "idempotent-replayed": "true" });
    await api.rotate({ path: { id }, key: "c" });
    api.clock.advance(25 * 3_600_000);
    const late = await api.rotate({ path: { id }, key: "b" });
    expect(late.body).not.toHaveProperty("secret");
    expect(signingSecrets(await api.endpoint(id), api.clock.now())).toHaveLength(1);
  });

  test("is refused where five secrets sign already", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    for (let n = 0; n < 4; n++) expect((await api.rotate({ path: { id }, key: `r${n}` })).status).toBe(200);
    const refused = await api.rotate({ path: { id }, key: "r5" });
    expect(refused).toMatchObject({ status: 429, body: { code: "rate_limited" }, headers: { "retry-after": "3600" } });
    api.clock.advance(24 * 3_600_000);
    expect((await api.rotate({ path: { id }, key: "r6" })).status).toBe(200);
  });
});

describe("deleting", () => {
  test("forgets the endpoint, once or twice with the key, and no late repeat of its registration brings it back", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    for (const _ of [1, 2]) {
      expect(await api.remove({ path: { id }, key: "d" })).toMatchObject({ status: 200, body: { id, deleted: true } });
    }
    expect((await api.remove({ path: { id }, key: "e" })).status).toBe(404);
    expect((await api.get({ path: { id } })).status).toBe(404);
    expect((await api.create({ key: "a", body: { url } })).status).toBe(404);
    expect((await api.create({ key: "f", body: { url } })).status).toBe(201);
  });
});

describe("enabling", () => {
  test("gives a clean slate, and what has failed meanwhile is sent by a replay", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const disabled = {
      disabled: { reason: "failing", at: "2026-11-20T09:00:00.000Z" },
      failingSince: "2026-11-15T09:00:00.000Z",
    } as const;
    await api.dependencies.endpoints.replace({ ...(await api.endpoint(id)), ...disabled });
    expect((await api.get({ path: { id } })).body).toMatchObject({ status: "disabled", ...disabled });
    const time = { from: "2026-11-20", to: "2026-11-21" };
    expect(await api.replay({ path: { id }, key: "b", body: time })).toMatchObject({
      status: 409,
      body: { code: "webhook_endpoint_disabled" },
    });
    const enabled = await api.enable({ path: { id }, key: "c" });
    expect(enabled).toMatchObject({ status: 200, body: { status: "enabled" } });
    expect(enabled.body).not.toHaveProperty("failingSince");
    expect((await api.enable({ path: { id }, key: "c" })).status).toBe(200);
  });
});

describe("the deliveries", () => {
  test("are listed newest first, page by page, with their attempts and without their bodies", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const endpoint = await api.endpoint(id);
    const attempts = [{ at: "2026-11-20T09:30:00.000Z", status: 503, durationMs: 17 }];
    for (let n = 0; n < 3; n++) await api.put(endpoint, n, n === 0 ? { attempts, tries: 1 } : {});
    const first = (await api.deliveries({ path: { id }, query: { limit: "2" } })).body;
    const last = (await api.deliveries({ path: { id }, query: { limit: "2", cursor: first.cursor ?? "" } })).body;
    expect(first.items).toHaveLength(2);
    expect(last).toEqual({
      items: [
        {
          id: expect.stringMatching(/^whd_/),
          event: "transaction.succeeded",
          webhookId: "txn_0_3",
          transaction: "txn_0",
          status: "pending",
          attempts,
          nextAttemptAt: "2026-11-20T09:30:00.000Z",
          createdAt: "2026-11-20T09:30:00.000Z",
        },
      ],
    });
    expect((await api.deliveries({ path: { id }, query: { status: "failed" } })).body.items).toEqual([]);
    expect((await api.deliveries({ path: { id }, query: { cursor: "x" } })).status).toBe(400);
  });
});

describe("a replay", () => {
  const over = { status: "failed", failure: "attempts_used_up", tries: 10 } as const;

  async function withDeliveries(count: number) {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const endpoint = await api.endpoint(id);
    const all: WebhookDelivery[] = [];
    for (let n = 0; n < count; n++) {
      const status = n % 2 === 0 ? over : ({ status: "succeeded", tries: 1 } as const);
      const { nextAttemptAt: _none, ...delivery } = await api.put(endpoint, n, status);
      await api.dependencies.deliveries.replace(delivery);
      all.push(delivery);
    }
    return { api, id, all };
  }

  test("of one makes it due with ten attempts anew, and wakes the delivery", async () => {
    const { api, id, all } = await withDeliveries(2);
    const [failed] = all;
    const answer = await api.replay({ path: { id }, key: "b", body: { deliveryId: failed?.id } });
    expect(answer).toMatchObject({ status: 202, body: { replayed: 1 } });
    const stored = await api.stored(failed ?? { id: "" });
    expect(stored).toMatchObject({ status: "pending", tries: 0, nextAttemptAt: failed?.createdAt });
    expect(stored).not.toHaveProperty("failure");
    expect(api.woken).toMatchObject([{ detail: { endpoint: id } }]);
  });

  test("of a time is of everything in it, or of one status", async () => {
    const { api, id, all } = await withDeliveries(6);
    const time = { from: all[1]?.createdAt, to: all[5]?.createdAt };
    expect((await api.replay({ path: { id }, key: "b", body: { ...time, status: "failed" } })).body.replayed).toBe(2);
    const statuses = async () => Promise.all(all.map(async (one) => (await api.stored(one)).status));
    expect(await statuses()).toEqual(["failed", "succeeded", "pending", "succeeded", "pending", "succeeded"]);
    expect((await api.replay({ path: { id }, key: "c", body: time })).body.replayed).toBe(4);
    expect(await statuses()).toEqual(["failed", "pending", "pending", "pending", "pending", "succeeded"]);
  });

  test("of more than 500 goes on by its cursor", async () => {
    const { api, id } = await withDeliveries(620);
    const time = { from: "2026-11-20", to: "2026-11-21" };
    const first = await api.replay({ path: { id }, key: "b", body: time });
    expect(first.body.replayed).toBe(500);
    const rest = await api.replay({ path: { id }, key: "c", body: { ...time, cursor: first.body.cursor } });
    expect(rest.body).toEqual({ replayed: 120 });
  });

  test("repeated with its key sends nothing again that was sent since", async () => {
    const { api, id, all } = await withDeliveries(1);
    const call = { path: { id }, key: "b", body: { deliveryId: all[0]?.id } };
    await api.replay(call);
    const { nextAttemptAt: _none, ...replayed } = await api.stored(all[0] ?? { id: "" });
    await api.dependencies.deliveries.replace({ ...replayed, status: "succeeded", tries: 1 });
    expect(await api.replay(call)).toMatchObject({ status: 202, body: { replayed: 1 } });
    expect(await api.stored(all[0] ?? { id: "" })).toMatchObject({ status: "succeeded", tries: 1 });
  });

  test("repeated with its key gives the first answer, and replays nothing that has failed since", async () => {
    const { api, id, all } = await withDeliveries(4);
    const body = { from: "2026-11-20", to: "2026-11-21", status: "failed" };
    const first = await api.replay({ path: { id }, key: "b", body });
    expect(first).toMatchObject({ status: 202, body: { replayed: 2 } });
    expect(first.headers).not.toHaveProperty("idempotent-replayed");
    const late = all[1] ?? { id: "" };
    await api.dependencies.deliveries.replace({ ...(await api.stored(late)), ...over });
    for (const _ of [1, 2]) {
      const again = await api.replay({ path: { id }, key: "b", body });
      expect(again).toMatchObject({ status: 202, body: { replayed: 2 }, headers: { "idempotent-replayed": "true" } });
    }
    expect(await api.stored(late)).toMatchObject({ status: "failed" });
    expect((await api.replay({ path: { id }, key: "c", body })).body).toEqual({ replayed: 1 });
    expect(api.woken).toHaveLength(2);
  });

  test("repeated with its key gives the first cursor, too", async () => {
    const { api, id } = await withDeliveries(510);
    const call = { path: { id }, key: "b", body: { from: "2026-11-20", to: "2026-11-21" } };
    const first = await api.replay(call);
    expect(first.body).toEqual({ replayed: 500, cursor: expect.any(String) });
    expect((await api.replay(call)).body).toEqual(first.body);
  });

  test("that died on its way is gone on with by a repeat", async () => {
    const { api, id, all } = await withDeliveries(3);
    const { deliveries } = api.dependencies;
    const { replace } = deliveries;
    const call = { path: { id }, key: "b", body: { from: "2026-11-20", to: "2026-11-21" } };
    deliveries.replace = async (next) => {
      if (next.id === all[1]?.id) throw new Error("died");
      return replace(next);
    };
    expect((await api.replay(call)).status).toBe(500);
    deliveries.replace = replace;
    for (const _ of [1, 2]) expect(await api.replay(call)).toMatchObject({ status: 202, body: { replayed: 3 } });
    for (const one of all) expect(await api.stored(one)).toMatchObject({ status: "pending", tries: 0 });
  });

  test("leaves alone what is being sent", async () => {
    const api = openApi();
    const { id } = (await api.create({ key: "a", body: { url } })).body;
    const claimedUntil = "2026-11-20T10:00:30.000Z";
    const delivery = await api.put(await api.endpoint(id), 0, { claimedUntil, nextAttemptAt: claimedUntil });
    await api.replay({ path: { id }, key: "b", body: { deliveryId: delivery.id } });
    expect(await api.stored(delivery)).toEqual(delivery);
  });

  test.each([
    {},
    { from: "2026-11-20" },
    { to: "2026-11-20" },
    { deliveryId: "whd_1", from: "2026-11-20", to: "2026-11-21" },
    { deliveryId: "whd_1", status: "failed" },
    { from: "yesterday", to: "2026-11-21" },
    { from: "2026-11-20", to: "2026-11-21", status: "lost" },
  ])("of %j is refused", async (body) => {
    const { api, id } = await withDeliveries(0);
    expect((await api.replay({ path: { id }, key: "b", body })).status).toBe(400);
  });
});
