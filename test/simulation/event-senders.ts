/** Those who ask by event: what was given up they send again from the queue, until they know what became of it. */
import type { Kind } from "../../lib/domain/transaction.ts";
import type { Bus, EventEnd } from "./bus.ts";
import { shop } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

/** How often an event is taken out of the queue again. In the end nothing goes wrong any more. */
const triesMax = 50;
const redriveAfterMs = 600_000;

export interface Asked {
  readonly id: string;
  readonly kind: Kind;
  readonly detail: object;
}

export interface EventSenders {
  /** `onEnd` hears what became of each delivery that was not given up. */
  send(asked: Asked, onEnd: (end: Exclude<EventEnd, { kind: "dead" }>) => void): void;
}

export function openEventSenders({
  scheduler,
  evidence,
  bus,
  trace,
}: {
  readonly scheduler: Scheduler;
  readonly evidence: Evidence;
  readonly bus: Bus;
  readonly trace: Trace | undefined;
}): EventSenders {
  const sender: Actor = { name: "sender", isAlive: true };
  return {
    send({ id, kind, detail }, onEnd) {
      let tries = 0;
      const send = (): void => {
        tries += 1;
        if (tries > triesMax) evidence.violate("the-api-answers", `the event ${id} was given up again and again`);
        else bus.request({ id, source: shop, "detail-type": `${kind}.requested`, detail }, hear);
      };
      const hear = (end: EventEnd): void => {
        trace?.add(scheduler.now, sender.name, `event ${id}: ${end.kind} ${end.kind === "accepted" ? end.id : ""}`);
        if (end.kind === "dead") scheduler.after(redriveAfterMs, sender, send);
        else onEnd(end);
      };
      send();
    },
  };
}
