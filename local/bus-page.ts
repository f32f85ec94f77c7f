/** A page of what the bus has taken lately, for whoever wants to see what comes out. */
import type { Pages } from "./aws-endpoint.ts";
import type { EventBus } from "./event-bus.ts";

/** What a reader may ask for, by the names that they have in an event. */
const filters = ["detail-type", "source"] as const;

/** The last 1,000 events, newest last; `?detail-type=` and `?source=` leave those that have exactly these. */
export function busPages({ recent }: Pick<EventBus, "recent">): Pages {
  return {
    "/_bus/events": (query) => {
      const asked = filters.filter((name) => query.has(name));
      return { events: recent().filter((event) => asked.every((name) => query.getAll(name).includes(event[name]))) };
    },
  };
}
