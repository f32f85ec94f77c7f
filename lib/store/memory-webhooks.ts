/** Webhooks in memory, for tests: the same port, the same conditions, nothing on disk. */
import { deliveryDays, type WebhookDelivery } from "../domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../domain/webhook-endpoint.ts";
import { claimDays } from "./port.ts";
import {
  deliveryListedAt,
  endpointsMax,
  type Lane,
  type WebhookDeliveryStore,
  type WebhookEndpointStore,
} from "./webhooks.ts";

export function memoryWebhookEndpoints(): WebhookEndpointStore {
  const stored = new Map<string, WebhookEndpoint>();
  const deleted = new Map<string, number>();
  const ofTenant = (tenant: string) => [...stored.values()].filter((one) => one.tenant === tenant);
  return {
    async list(tenant) {
      return structuredClone(ofTenant(tenant).sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1)));
    },
    async register(endpoint, now) {
      if ((deleted.get(endpoint.id) ?? 0) > now.getTime()) return "deleted";
      if (stored.has(endpoint.id)) return "present";
      if (ofTenant(endpoint.tenant).length >= endpointsMax) return "too-many";
      stored.set(endpoint.id, structuredClone(endpoint));
      return "registered";
    },
    async replace(next) {
      const present = stored.get(next.id);
      if (present?.tenant !== next.tenant || present.revision !== next.revision) return false;
      stored.set(next.id, structuredClone({ ...next, revision: next.revision + 1 }));
      return true;
    },
    async remove({ tenant, id }, now) {
      if (stored.get(id)?.tenant !== tenant) return;
      deleted.set(id, now.getTime() + claimDays * 86_400_000);
      stored.delete(id);
    },
  };
}

export function memoryWebhookDeliveries(): WebhookDeliveryStore {
  const stored = new Map<string, WebhookDelivery>();
  const lanes = new Map<string, string>();
  const nameOf = ({ endpoint, number }: Lane) => `${endpoint}#${number}`;
  const dueAt = (now: Date) =>
    [...stored.values()]
      .flatMap(({ id, tenant, endpoint, nextAttemptAt }) =>
        nextAttemptAt !== undefined && nextAttemptAt <= now.toISOString()
          ? [{ id, tenant, endpoint, at: nextAttemptAt }]
          : [],
      )
      .sort((one, other) => (one.at < other.at ? -1 : 1));
  return {
    async create(delivery) {
      if (stored.has(delivery.id)) return false;
      stored.set(delivery.id, structuredClone(delivery));
      return true;
    },
    async get(id) {
      return structuredClone(stored.get(id));
    },
    async replace(next) {
      if (stored.get(next.id)?.revision !== next.revision) return undefined;
      const changed = structuredClone({ ...next, revision: next.revision + 1 });
      stored.set(next.id, changed);
      return structuredClone(changed);
    },
    async list({ endpoint, limit, status, from, to, before, now }) {
      const oldest = new Date(now.getTime() - deliveryDays * 86_400_000).toISOString();
      const matching = [...stored.values()]
        .filter((one) => one.endpoint === endpoint && one.createdAt > oldest)
        .filter((one) => before === undefined || deliveryListedAt(one) < before)
        .filter((one) => (from === undefined || one.createdAt >= from) && (to === undefined || one.createdAt < to))
        .filter((one) => status === undefined || one.status === status)
        .sort((one, other) => (deliveryListedAt(one) < deliveryListedAt(other) ? 1 : -1));
      const items = structuredClone(matching.slice(0, limit));
      const last = items.at(-1);
      return { items, ...(last && matching.length > limit && { next: deliveryListedAt(last) }) };
    },
    async due(endpoint, now, limit) {
      return dueAt(now)
        .filter((one) => one.endpoint === endpoint)
        .slice(0, limit)
        .map(({ id, at }) => ({ id, at }));
    },
    async dueEndpoints(now) {
      const tenants = new Map(dueAt(now).map(({ endpoint, tenant }) => [endpoint, tenant]));
      return [...tenants].map(([endpoint, tenant]) => ({ endpoint, tenant }));
    },
    async takeLane(lane, now, until) {
      if ((lanes.get(nameOf(lane)) ?? "") > now.toISOString()) return false;
      lanes.set(nameOf(lane), until.toISOString());
      return true;
    },
    async leaveLane(lane) {
      lanes.delete(nameOf(lane));
    },
  };
}
