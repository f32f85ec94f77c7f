/** The facts that every store of webhooks must keep, whatever it is made of. */
import { describe, expect, test } from "vitest";
import type { WebhookDelivery } from "../../lib/domain/webhook-delivery.ts";
import type { DeliveryQuery, WebhookDeliveryStore, WebhookEndpointStore } from "../../lib/store/webhooks.ts";
import { newTenant } from "./sample.ts";
import { sampleDelivery, sampleEndpoint } from "./webhook-samples.ts";

const now = new Date("2026-11-20T10:00:00.000Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);

export function endpointsContract(store: () => WebhookEndpointStore): void {
  describe("an endpoint", () => {
    test("that is registered is listed as it was, with its tenant's others, oldest first", async () => {
      const tenant = newTenant();
      const full = sampleEndpoint(tenant, 2, {
        events: ["transaction.succeeded"],
        description: "Ledger",
        disabled: { reason: "gone", at: now.toISOString() },
        failingSince: now.toISOString(),
        pausedUntil: now.toISOString(),
        rotations: ["a"],
      });
      expect(await store().register(full, now)).toBe("registered");
      expect(await store().register(sampleEndpoint(tenant, 1), now)).toBe("registered");
      expect(await store().list(tenant)).toStrictEqual([sampleEndpoint(tenant, 1), full]);
      expect(await store().list(newTenant())).toEqual([]);
    });

    test("is registered once, of many calls at once, and stays as it is", async () => {
      const tenant = newTenant();
      const calls = Array.from({ length: 10 }, (_, n) =>
        store().register(sampleEndpoint(tenant, 0, { url: `https://receiver.example.com/call-${n}` }), now),
      );
      const answers = await Promise.all(calls);
      expect(answers.filter((answer) => answer === "registered")).toHaveLength(1);
      expect(answers.filter((answer) => answer === "present")).toHaveLength(9);
      const winner = answers.indexOf("registered");
      expect((await store().list(tenant)).map(({ url }) => url)).toEqual([
        `https://receiver.example.com/call-${winner}`,
      ]);
    });

    test("is one of twenty at most, of many calls at once", async () => {
      const tenant = newTenant();
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, n) => store().register(sampleEndpoint(tenant, n), now)),
      );
      expect(answers.filter((answer) => answer === "registered")).toHaveLength(20);
      expect(answers.filter((answer) => answer === "too-many")).toHaveLength(5);
      expect(await store().list(tenant)).toHaveLength(20);
    });

    test("is changed from what was read, by one of many", async () => {
      const tenant = newTenant();
      const endpoint = sampleEndpoint(tenant);
      await store().register(endpoint, now);
      const changes = Array.from({ length: 10 }, (_, n) => store().replace({ ...endpoint, description: String(n) }));
      const held = await Promise.all(changes);
      expect(held.filter(Boolean)).toHaveLength(1);
      const description = String(held.indexOf(true));
      expect(await store().list(tenant)).toStrictEqual([{ ...endpoint, description, revision: 1 }]);
      expect(await store().replace({ ...endpoint, revision: 1 })).toBe(true);
      expect(await store().list(tenant)).toStrictEqual([{ ...endpoint, revision: 2 }]);
    });

    test("that there is not, or that is another tenant's, is neither changed nor deleted", async () => {
      const [tenant, other] = [newTenant(), newTenant()];
      const endpoint = sampleEndpoint(tenant);
      await store().register(endpoint, now);
      expect(await store().replace({ ...endpoint, tenant: other })).toBe(false);
      expect(await store().replace(sampleEndpoint(tenant, 7))).toBe(false);
      expect(await store().list(tenant)).toEqual([endpoint]);
    });

    test("that was deleted does not come back for thirty days", async () => {
      const tenant = newTenant();
      const [endpoint, kept] = [sampleEndpoint(tenant, 0), sampleEndpoint(tenant, 1)];
      for (const one of [endpoint, kept]) await store().register(one, now);
      await store().remove(endpoint, now);
      await store().remove(endpoint, now);
      expect(await store().list(tenant)).toEqual([kept]);
      expect(await store().replace(endpoint)).toBe(false);
      expect(await store().register(endpoint, later(29))).toBe("deleted");
      expect(await store().register(endpoint, later(31))).toBe("registered");
    });
  });
}

export function deliveriesContract(store: () => WebhookDeliveryStore): void {
  const endpointOf = (n = 0) => sampleEndpoint(newTenant(), n);
  const put = async (...deliveries: readonly WebhookDelivery[]) => {
    for (const one of deliveries) await store().create(one);
  };
  const everyPage = async (query: Omit<DeliveryQuery, "now">): Promise<string[][]> => {
    const pages: string[][] = [];
    let before: string | undefined;
    do {
      const page = await store().list({ ...query, now, ...(before && { before }) });
      pages.push(page.items.map(({ webhookId }) => webhookId));
      before = page.next;
    } while (before !== undefined);
    return pages;
  };

  describe("a delivery", () => {
    test("is created once, of many calls at once, and read as it was", async () => {
      const full = sampleDelivery(endpointOf(), 0, {
        after: "whd_before",
        status: "failed",
        failure: "attempts_used_up",
        attempts: [
          { at: now.toISOString(), status: 500, durationMs: 12 },
          { at: now.toISOString(), error: "timeout", durationMs: 15_000 },
        ],
        tries: 2,
        claimedUntil: now.toISOString(),
        replayedBy: "key",
      });
      const created = await Promise.all(Array.from({ length: 10 }, () => store().create(full)));
      expect(created.filter(Boolean)).toHaveLength(1);
      expect(await store().get(full.id)).toStrictEqual(full);
      expect(await store().get("whd_nobody")).toBeUndefined();
    });

    test("is changed from what was read, by one of many", async () => {
      const delivery = sampleDelivery(endpointOf());
      await put(delivery);
      const changed = await Promise.all(
        Array.from({ length: 10 }, (_, n) => store().replace({ ...delivery, tries: n + 1 })),
      );
      const winners = changed.filter((one) => one !== undefined);
      expect(winners).toHaveLength(1);
      expect(winners[0]?.revision).toBe(1);
      expect(await store().get(delivery.id)).toStrictEqual(winners[0]);
      expect(await store().replace(sampleDelivery(endpointOf(), 3))).toBeUndefined();
    });
  });

  describe("a page of deliveries", () => {
    test("begins where the last one ended, newest first, and holds no other endpoint's", async () => {
      const endpoint = endpointOf();
      await put(...[0, 1, 2, 3, 4].map((n) => sampleDelivery(endpoint, n)), sampleDelivery(endpointOf(), 2));
      const newestFirst = ["txn_4_3", "txn_3_3", "txn_2_3", "txn_1_3", "txn_0_3"];
      expect(await everyPage({ endpoint: endpoint.id, limit: 2 })).toEqual([
        newestFirst.slice(0, 2),
        newestFirst.slice(2, 4),
        newestFirst.slice(4),
      ]);
      expect(await everyPage({ endpoint: endpoint.id, limit: 1 })).toEqual(newestFirst.map((id) => [id]));
      expect(await everyPage({ endpoint: endpoint.id, limit: 5 })).toEqual([newestFirst]);
    });

    test("is of a time and of a status, if that is asked", async () => {
      const endpoint = endpointOf();
      const deliveries = Array.from({ length: 130 }, (_, n) =>
        sampleDelivery(endpoint, n, { status: n === 0 || n === 70 ? "failed" : "succeeded" }),
      );
      await Promise.all(deliveries.map((one) => put(one)));
      const [from = "", to = ""] = [deliveries[10]?.createdAt, deliveries[13]?.createdAt];
      expect((await everyPage({ endpoint: endpoint.id, limit: 100, from, to })).flat()).toEqual([
        "txn_12_3",
        "txn_11_3",
        "txn_10_3",
      ]);
      const failed = await everyPage({ endpoint: endpoint.id, limit: 2, status: "failed" });
      expect(failed.flat()).toEqual(["txn_70_3", "txn_0_3"]);
      expect((await everyPage({ endpoint: endpoint.id, limit: 9, from: to, to: from })).flat()).toEqual([]);
    });

    test("holds none whose thirty days are over, though the database may not have deleted it yet", async () => {
      const endpoint = endpointOf();
      await put(sampleDelivery(endpoint, 0), sampleDelivery(endpoint, 1));
      const at = new Date("2026-12-20T09:30:00.500Z");
      const { items } = await store().list({ endpoint: endpoint.id, limit: 10, now: at });
      expect(items.map(({ webhookId }) => webhookId)).toEqual(["txn_1_3"]);
    });
  });

  describe("what is due", () => {
    test("is an endpoint's own, the longest overdue first, and not what is done or to come", async () => {
      const endpoint = endpointOf();
      const { nextAttemptAt: _none, ...done } = sampleDelivery(endpoint, 3, { status: "succeeded" });
      const [first, second, third] = [0, 1, 2].map((n) => sampleDelivery(endpoint, n));
      const toCome = sampleDelivery(endpoint, 4, { nextAttemptAt: "2026-11-20T10:00:00.001Z" });
      await put(
        ...[second, done, third, toCome, first].filter((one) => one !== undefined),
        sampleDelivery(endpointOf()),
      );
      const due = await store().due(endpoint.id, now, 10);
      expect(due).toEqual([first, second, third].map((one) => ({ id: one?.id, at: one?.nextAttemptAt })));
      expect(await store().due(endpoint.id, now, 2)).toEqual(due.slice(0, 2));
    });

    test("leaves the list with the change that ends it, and moves with the one that puts it off", async () => {
      const endpoint = endpointOf();
      const [one, other] = [sampleDelivery(endpoint, 0), sampleDelivery(endpoint, 1)];
      await put(one, other);
      const { nextAttemptAt: _none, ...over } = one;
      await store().replace({ ...over, status: "succeeded" });
      await store().replace({ ...other, nextAttemptAt: "2026-11-20T11:00:00.000Z" });
      expect(await store().due(endpoint.id, now, 10)).toEqual([]);
      expect(await store().due(endpoint.id, later(1), 10)).toEqual([{ id: other.id, at: "2026-11-20T11:00:00.000Z" }]);
    });

    test("names each endpoint once, however many deliveries it has, and its tenant", async () => {
      const endpoints = Array.from({ length: 40 }, (_, n) => endpointOf(n));
      const idle = endpointOf();
      for (const endpoint of endpoints) await put(sampleDelivery(endpoint, 0), sampleDelivery(endpoint, 1));
      await put(sampleDelivery(idle, 0, { nextAttemptAt: "2026-11-20T10:00:00.001Z" }));
      const found = await store().dueEndpoints(now);
      const ours = found.filter(({ endpoint }) => [...endpoints, idle].some(({ id }) => id === endpoint));
      const order = (one: { endpoint: string }, other: { endpoint: string }) =>
        one.endpoint < other.endpoint ? -1 : 1;
      expect(ours.toSorted(order)).toEqual(endpoints.map(({ id, tenant }) => ({ endpoint: id, tenant })).sort(order));
    });
  });

  describe("a lane", () => {
    test("is one caller's until it is left, or its time is up", async () => {
      const lane = { endpoint: endpointOf().id, number: 0 };
      const takes = await Promise.all(Array.from({ length: 10 }, () => store().takeLane(lane, now, later(1))));
      expect(takes.filter(Boolean)).toHaveLength(1);
      expect(await store().takeLane({ ...lane, number: 1 }, now, later(1))).toBe(true);
      await store().leaveLane(lane);
      expect(await store().takeLane(lane, now, later(1))).toBe(true);
      expect(await store().takeLane(lane, new Date(later(1).getTime() - 1), later(2))).toBe(false);
      expect(await store().takeLane(lane, later(1), later(2))).toBe(true);
    });
  });
}
