/** The bus: carries wakings and requests to functions; late, twice, or not at all. */
import { run as acceptEvent } from "../../functions/accept-event.ts";
import { run as payAccruals, Waking } from "../../functions/pay-accruals.ts";
import { run as runBatches } from "../../functions/run-batches.ts";
import { eventRules } from "../../functions/triggers.ts";
import type { BusEvent } from "../../lib/lambda/event-bridge.ts";
import type { RequestEvent } from "../../lib/lambda/event-request.ts";
import { RejectedRequestError } from "../../lib/lambda/rejections.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import type { Lambdas } from "./lambdas.ts";
import { BusUnavailableError, isOutage, traceOf } from "./outage.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";

/** What became of an event that asks for something; `dead`: it was given up, and lies in the queue for that. */
export type EventEnd =
  | { readonly kind: "accepted"; readonly id: string }
  | { readonly kind: "rejected" }
  | { readonly kind: "dead" };

export interface Bus {
  /** What a function says on the bus. @throws BusUnavailableError */
  publish(events: readonly BusEvent[]): void;
  /** Somebody asks for something. The end is told for each delivery. */
  request(event: RequestEvent, onEnd: (end: EventEnd) => void): void;
}

interface BusSetting {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly lambdas: () => Lambdas<Dependencies>;
}

const requests = eventRules.find(({ function: name }) => name === "accept-event");
const triesMax = 1 + (requests?.retryAttempts ?? 0);

/** Lambda tries again after one minute, and after two more. */
const retryAfterMs = 60_000;

export function openBus({ scheduler, faults, random, evidence, lambdas }: BusSetting): Bus {
  const bus: Actor = { name: "the bus", isAlive: true };

  /** Calls `deliver` when the event is there: once, more often, or never. */
  const carry = (deliver: () => Promise<unknown>): void => {
    const inMs = faults.strikes("event-late") ? random.spread(5_000, 600_000) : random.between(50, 2_000);
    scheduler.after(inMs, bus, () => void deliver());
    if (faults.strikes("event-doubled")) scheduler.after(random.spread(1, 200_000), bus, () => void deliver());
  };

  const wake = async ({ type, detail }: BusEvent): Promise<void> => {
    try {
      switch (type) {
        case "moneyback.batches.due":
          await lambdas().invoke(bus, "run-batches", (given, time) => runBatches({ detail }, given, time.remainingMs));
          return;
        case "moneyback.cashbacks.due":
          await lambdas().invoke(bus, "pay-accruals", (given, time) =>
            payAccruals(Waking.parse(detail), given, time.remainingMs),
          );
          return;
        case "moneyback.request_rejected":
          evidence.doors.announced.add(String((detail as { readonly id?: unknown }).id));
          return;
        case "moneyback.batch.done":
        case "moneyback.batch.canceled":
          evidence.doors.heardEnds.add(String((detail as { readonly id?: unknown }).id));
          return;
        case "moneyback.webhooks.due":
          // What is written down is delivered by nobody here.
          return;
        default:
          evidence.violate("the-bus-is-understood", type);
      }
    } catch (error) {
      // Nobody tries a waking again: the schedule makes up for it.
      if (!isOutage(error)) evidence.violate("nothing-unexpected-is-thrown", `${type}: ${traceOf(error)}`);
    }
  };

  const accept = async (event: RequestEvent): Promise<EventEnd> => {
    for (let tries = 0; tries < triesMax; tries++) {
      const waitMs = tries * retryAfterMs;
      if (waitMs > 0) await new Promise<void>((resolve) => scheduler.after(waitMs, bus, resolve));
      try {
        const run = (given: Dependencies) => acceptEvent(event, given, `event-${event.id}`);
        const { transactionId, accrualId } = await lambdas().invoke(bus, "accept-event", run);
        return { kind: "accepted", id: transactionId ?? accrualId ?? "" };
      } catch (error) {
        // Lambda would try it again, and hear the same: that is what a second delivery shows.
        if (error instanceof RejectedRequestError) return { kind: "rejected" };
        if (!isOutage(error)) evidence.violate("nothing-unexpected-is-thrown", `${event.id}: ${traceOf(error)}`);
      }
    }
    return { kind: "dead" };
  };

  return {
    publish(events) {
      const isLost = events.length > 0 && faults.strikes("event-lost");
      // What was published before the bus failed is out. That a waking was taken and came to nobody, nobody is told.
      const isWaking = events.every(({ type }) => type.endsWith(".due"));
      const isTold = isLost && (!isWaking || random.chance(0.5));
      const out = isLost ? events.slice(0, random.below(events.length + 1)) : events;
      for (const event of out) carry(() => wake(event));
      if (isTold) throw new BusUnavailableError("the bus does not answer");
    },
    request(event, onEnd) {
      carry(async () => {
        const end = await accept(event);
        noteVerdict(event, end, evidence);
        onEnd(end);
      });
    },
  };
}

function noteVerdict({ id }: RequestEvent, { kind }: EventEnd, evidence: Evidence): void {
  if (kind === "dead") return;
  const { verdicts } = evidence.doors;
  const before = verdicts.get(id) ?? kind;
  if (before !== kind) evidence.violate("an-event-has-one-verdict", `${id} was ${before}, and is ${kind}`);
  verdicts.set(id, kind);
}
