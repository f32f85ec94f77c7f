/** Wakes the delivery to webhook endpoints: one event on the bus each, so that each is delivered to by itself. */
import type { DueEndpoint } from "../store/webhooks.ts";
import type { EventPublisher } from "./event-bridge.ts";

/**
 * One event an endpoint. The bus invokes the function once for each, so a receiver that is slow or dead holds up nobody
 * else's. A waking that is lost is made up for by the schedule.
 */
export async function wake(
  due: readonly DueEndpoint[],
  { events, now }: { readonly events: EventPublisher; readonly now: () => Date },
): Promise<void> {
  const at = now().toISOString();
  await events.publish(
    due.map(({ tenant, endpoint }) => ({
      type: "moneyback.webhooks.due",
      at,
      detail: { version: 1, tenant, endpoint },
    })),
  );
}
