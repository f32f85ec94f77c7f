/** A connection's breaker: a provider that fails again and again is left alone for a while, by all Lambdas together. */
import type { Exchange } from "../providers/http.ts";
import type { ConnectionState, ConnectionStateStore } from "../store/connection-states.ts";
import { errorFields, log } from "./log.ts";

/**
 * A run of failures opens it when it is long in both ways: a burst that fails within a moment is one failure, and one
 * success elsewhere, which everybody learns of within a second, ends the run before it is three seconds old.
 */
const failuresMin = 5;
const failingMsMin = 3_000;

/** It opens for 10 s, 20 s, 40 s …, at most 5 min. */
const openMs = 10_000;
const openMsMax = 300_000;

/** How long one caller has to find out whether the provider is back: longer than a request may take. */
const probeMs = 30_000;

/** How long a process believes what it knows. */
const rememberedMs = 1_000;

/** What a run of failures means at a moment. */
export type Position = "closed" | "open" | "half-open";

export function positionAt(state: ConnectionState | undefined, now: Date): Position {
  if (state?.openUntil === undefined) return "closed";
  return state.openUntil > now.toISOString() ? "open" : "half-open";
}

/** Whether a request may go. A probe is the one that finds out whether the provider is back. */
export type Leave =
  | { readonly kind: "granted"; readonly isProbe: boolean }
  | { readonly kind: "refused"; readonly detail: string };

export interface Breaker {
  /** Asked before one queues for a slot; reads at most. */
  readonly ask: () => Promise<Leave>;
  /** Asked when the request is about to go; where the provider is to be tried, one caller is granted that. */
  readonly enter: () => Promise<Leave>;
  /** Tells what became of a request. Never throws: what cannot be noted is left out. */
  readonly note: (exchange: Exchange, isProbe: boolean) => Promise<void>;
}

export interface BreakerDependencies {
  readonly states: ConnectionStateStore;
  readonly now: () => Date;
}

/** A breaker whose state cannot be read or written is closed: it saves calls, and no money depends on it. */
export function breakerOf(connection: string, { states, now }: BreakerDependencies): Breaker {
  let known: { readonly state: ConnectionState | undefined; readonly until: number } | undefined;

  const remember = (state: ConnectionState | undefined): void => {
    known = { state, until: now().getTime() + rememberedMs };
  };
  const recall = async (): Promise<ConnectionState | undefined> => {
    if (known && known.until > now().getTime()) return known.state;
    const state = await states.get(connection).catch(() => undefined);
    remember(state);
    return state;
  };
  const after = (ms: number) => new Date(now().getTime() + ms);

  const open = async (state: ConnectionState) => {
    const until = after(Math.min(openMs * 2 ** state.openings, openMsMax));
    await states.open(connection, state, until);
    remember({ ...state, openUntil: until.toISOString(), openings: state.openings + 1 });
    log("warn", "breaker opened", { connection, count: state.failures });
  };

  return {
    async ask() {
      const state = await recall();
      return state && positionAt(state, now()) === "open" ? refused(state, `next try at ${state.openUntil}`) : granted;
    },

    async enter() {
      const state = await recall();
      if (!state) return granted;
      switch (positionAt(state, now())) {
        case "closed":
          return granted;
        case "open":
          return refused(state, `next try at ${state.openUntil}`);
        case "half-open": {
          const until = after(probeMs);
          const isOurs = await states.probe(connection, state, until).catch(() => undefined);
          if (isOurs === undefined) return granted;
          if (!isOurs) return refused(state, "another caller is trying it");
          remember({ ...state, openUntil: until.toISOString() });
          return { kind: "granted", isProbe: true };
        }
      }
    },

    async note(exchange, isProbe) {
      try {
        if (isFailure(exchange)) {
          const state = await states.fail(connection, now());
          remember(state);
          // Somebody else's success may have ended the run during the probe: then this is the first failure of a new one.
          if ((isProbe && state.openings > 0) || isLong(state, now())) await open(state);
          return;
        }
        if (!known?.state) return;
        // Sent before it opened, by failures elsewhere perhaps, a success says nothing about now: then only the probe's counts.
        const run = isProbe ? known.state : await states.get(connection);
        if (!run || (run.openUntil !== undefined && !isProbe)) return remember(run);
        await states.recover(connection);
        remember(undefined);
        if (run.openings > 0) log("info", "breaker closed", { connection });
      } catch (error) {
        log("warn", "connection state not noted", { connection, ...errorFields(error) });
      }
    },
  };
}

const granted: Leave = { kind: "granted", isProbe: false };

function refused({ failures }: ConnectionState, when: string): Leave {
  return { kind: "refused", detail: `the provider is not called: it failed ${failures} times in a row, ${when}` };
}

/** Long enough to open for the first time. Once it has opened, only a probe tells anything new. */
function isLong({ failures, failingSince, openings }: ConnectionState, now: Date): boolean {
  return openings === 0 && failures >= failuresMin && now.getTime() - Date.parse(failingSince) >= failingMsMin;
}

/**
 * No answer, or one of a server in trouble: 500 to 511 as HTTP has them, and 520 to 530 as gateways do. What lies beyond is
 * a provider's own word (570: busy) and shows that it is there, as a refusal, a 404 and a 429 do.
 */
function isFailure(exchange: Exchange): boolean {
  return exchange.kind !== "answered" || (exchange.status >= 500 && exchange.status <= 530);
}
