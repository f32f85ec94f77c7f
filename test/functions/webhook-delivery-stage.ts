/** What the tests of delivering stand on: stores in memory, a receiver that answers as told, a clock that a test holds. */
import type { WebhookAnswer, WebhookDelivery } from "../../lib/domain/webhook-delivery.ts";
import type { WebhookEndpoint } from "../../lib/domain/webhook-endpoint.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { WebhookRequest } from "../../lib/lambda/webhook-sender.ts";
import { memoryWebhookDeliveries, memoryWebhookEndpoints } from "../../lib/store/memory-webhooks.ts";
import { virtualClock } from "../lambda/virtual-clock.ts";
import { newTenant } from "../store/sample.ts";
import { sampleDelivery, sampleEndpoint } from "../store/webhook-samples.ts";

export const answered = (status: number, retryAfter?: string): WebhookAnswer => ({
  kind: "answered",
  status,
  ...(retryAfter !== undefined && { retryAfter }),
});

export interface Sent extends WebhookRequest {
  readonly at: string;
}

/** Ten o'clock; samples are due since half past nine. */
export function deliveryStage() {
  const clock = virtualClock("2026-11-20T10:00:00.000Z");
  const endpoints = memoryWebhookEndpoints();
  const deliveries = memoryWebhookDeliveries();
  const sent: Sent[] = [];
  const woken: BusEvent[] = [];
  const tenant = newTenant();
  let answer: (request: Sent) => WebhookAnswer | Promise<WebhookAnswer> = () => answered(200);
  return {
    tenant,
    clock,
    sent,
    woken,
    dependencies: {
      ...clock,
      endpoints,
      deliveries,
      send: async (request: WebhookRequest): Promise<WebhookAnswer> => {
        const arrival = { ...request, at: clock.now().toISOString() };
        sent.push(arrival);
        return answer(arrival);
      },
      events: {
        publish: async (events: readonly BusEvent[]) => {
          woken.push(...events);
        },
      },
    },
    /** How the receiver answers from now on. */
    answers(next: typeof answer): void {
      answer = next;
    },
    async register(n = 0, members: Partial<WebhookEndpoint> = {}): Promise<WebhookEndpoint> {
      const endpoint = sampleEndpoint(tenant, n, members);
      await endpoints.register(endpoint, clock.now());
      return endpoint;
    },
    async put(endpoint: WebhookEndpoint, n = 0, members: Partial<WebhookDelivery> = {}): Promise<WebhookDelivery> {
      const delivery = sampleDelivery(endpoint, n, members);
      await deliveries.create(delivery);
      return delivery;
    },
    async stored({ id }: { readonly id: string }): Promise<WebhookDelivery> {
      const delivery = await deliveries.get(id);
      if (!delivery) throw new Error(`there is no ${id}`);
      return delivery;
    },
    async endpoint(id: string): Promise<WebhookEndpoint> {
      const found = (await endpoints.list(tenant)).find((one) => one.id === id);
      if (!found) throw new Error(`there is no ${id}`);
      return found;
    },
  };
}
