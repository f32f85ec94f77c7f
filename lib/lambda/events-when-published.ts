/** The publisher for functions that seldom publish: its code is loaded at the first event, not at every cold start. */
import type { EventPublisher } from "./event-bridge.ts";

let publisher: EventPublisher | undefined;

export const eventsWhenPublished: EventPublisher = {
  async publish(events) {
    publisher ??= (await import("./event-bridge.ts")).eventBridgePublisher();
    await publisher.publish(events);
  },
};
