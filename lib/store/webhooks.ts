/** What the rest of the product asks of the store of webhooks: tenants' endpoints, and the deliveries to them. */
import type { DeliveryStatus, WebhookDelivery } from "../domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../domain/webhook-endpoint.ts";

/** How many endpoints a tenant may have: each costs a few writes an event. */
export const endpointsMax = 20;

export type Registration =
  | "registered"
  /** There is one with this id, unchanged. */
  | "present"
  /** There was one with this id within 30 days; it is not brought back. */
  | "deleted"
  /** The tenant has as many as it may. */
  | "too-many";

export interface WebhookEndpointStore {
  /** All of a tenant's, oldest first. Consistent: whoever was told that an endpoint is registered misses nothing from then on. */
  list(tenant: string): Promise<readonly WebhookEndpoint[]>;
  register(endpoint: WebhookEndpoint, now: Date): Promise<Registration>;
  /** Stores what was made of the endpoint that was read, unless another change came between, or it was deleted. */
  replace(next: WebhookEndpoint): Promise<boolean>;
  /** Deletes it, if it is there; its id is remembered for 30 days. */
  remove(endpoint: Pick<WebhookEndpoint, "tenant" | "id">, now: Date): Promise<void>;
}

export interface WebhookDeliveryStore {
  /** Puts the delivery unless its id exists. True for the call that did. */
  create(delivery: WebhookDelivery): Promise<boolean>;
  /** Consistent. */
  get(id: string): Promise<WebhookDelivery | undefined>;
  /** Stores what was made of the delivery that was read, with its revision one higher, unless another change came between. */
  replace(next: WebhookDelivery): Promise<WebhookDelivery | undefined>;
  /** One page of an endpoint's deliveries, newest first. */
  list(query: DeliveryQuery): Promise<DeliveryPage>;
  /** An endpoint's due deliveries, the longest overdue first; at most `limit` of them. */
  due(endpoint: string, now: Date, limit: number): Promise<readonly DueDelivery[]>;
  /** The endpoints that have any due delivery. */
  dueEndpoints(now: Date): Promise<readonly DueEndpoint[]>;
  /** Takes one of the lanes in which an endpoint is delivered to, until `until`. True for one caller at a time. */
  takeLane(lane: Lane, now: Date, until: Date): Promise<boolean>;
  leaveLane(lane: Lane): Promise<void>;
}

export interface DeliveryQuery {
  readonly endpoint: string;
  readonly limit: number;
  readonly status?: DeliveryStatus;
  /** Created at or after, ISO 8601 with milliseconds. */
  readonly from?: string;
  /** Created before, ISO 8601 with milliseconds. */
  readonly to?: string;
  /** Where the page before ended. */
  readonly before?: string;
  /** Those whose 30 days are over are not listed. */
  readonly now: Date;
}

export interface DeliveryPage {
  readonly items: readonly WebhookDelivery[];
  /** Where the next page begins. A page may be short, even empty, and still have a next one: the status is filtered late. */
  readonly next?: string;
}

export interface DueDelivery {
  readonly id: string;
  /** Since when. */
  readonly at: string;
}

export interface DueEndpoint {
  readonly tenant: string;
  readonly endpoint: string;
}

export interface Lane {
  readonly endpoint: string;
  /** From 0. */
  readonly number: number;
}

/** Time and id: a total order, so that a page can begin exactly where the last one ended. */
export function deliveryListedAt({ createdAt, id }: Pick<WebhookDelivery, "createdAt" | "id">): string {
  return `${createdAt}#${id}`;
}
