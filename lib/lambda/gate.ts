/** The gate before a provider: every request passes at the pace that its connection allows, and none while the provider is down. */
import type { CommonConnection } from "../providers/connection.ts";
import type { HttpClient } from "../providers/http.ts";
import type { OutsideOf } from "../providers/port.ts";
import type { ConnectionStateStore } from "../store/connection-states.ts";
import { breakerOf, type Leave } from "./breaker.ts";
import type { Clock } from "./dependencies.ts";

export interface GateDependencies extends Clock {
  readonly states: ConnectionStateStore;
}

/** How long a request queues for its slot. Longer would be a Lambda that waits for nothing; the flow comes again. */
const queueMsMax = 2_000;

/** How long a reservation stands: a conditional write fits in. Later its slot has long been somebody else's moment. */
const reservedMs = 5_000;

/**
 * All Lambdas share the slots and the breaker through the store. A request that is refused is `not-sent`: no byte left.
 *
 *   down? ── queue for a slot ── wait for it ── down? or to be tried, by one ── send ── note what became of it
 *   └─────────────────── reserve ─────────────────────────────────────────┘   └ at once, where reserved
 */
export function gated(http: HttpClient, { states, now, sleep }: GateDependencies): OutsideOf {
  return (connection) => {
    const breaker = breakerOf(connection.id, { states, now });
    const reservations: { readonly until: number; readonly isProbe: boolean }[] = [];

    const pass = async (): Promise<Leave> => {
      const asked = await breaker.ask();
      if (asked.kind === "refused") return asked;
      const refusal = await queue(connection, { states, now, sleep });
      return refusal ?? breaker.enter();
    };

    const redeem = (): Leave | undefined => {
      for (let one = reservations.shift(); one; one = reservations.shift()) {
        if (one.until > now().getTime()) return { kind: "granted", isProbe: one.isProbe };
      }
      return undefined;
    };

    return {
      now,
      http: async (request) => {
        const leave = redeem() ?? (await pass());
        if (leave.kind === "refused") return { kind: "not-sent", detail: leave.detail };
        const exchange = await http(request);
        await breaker.note(exchange, leave.isProbe);
        return exchange;
      },
      reserve: async () => {
        const leave = await pass();
        if (leave.kind === "refused") return leave;
        const reservation = { until: now().getTime() + reservedMs, isProbe: leave.isProbe };
        reservations.push(reservation);
        return {
          kind: "reserved",
          release: () => {
            const place = reservations.indexOf(reservation);
            if (place >= 0) reservations.splice(place, 1);
          },
        };
      },
    };
  };
}

/** Waits for the connection's next slot; a refusal where there is none soon. Without a rate nobody queues. */
async function queue(
  { id, requestsPerSecond }: CommonConnection,
  { states, now, sleep }: GateDependencies,
): Promise<{ kind: "refused"; detail: string } | undefined> {
  if (requestsPerSecond === undefined) return undefined;
  const asked = now().getTime();
  // Rounded up: never faster than the provider allows.
  const intervalMs = Math.ceil(1_000 / requestsPerSecond);
  const slot = await states.takeSlot(id, { now: asked, intervalMs, latest: asked + queueMsMax }).catch(() => undefined);
  if (!slot) return { kind: "refused", detail: "the provider is not called: its rate cannot be kept just now" };
  if (!slot.taken) return { kind: "refused", detail: "the provider is not called: its rate is used up" };
  const waitMs = slot.at - now().getTime();
  if (waitMs > 0) await sleep(waitMs);
  return undefined;
}
