/** What follow-up knows of each connection during one run: whether its provider is called at all, and how fast. */
import type { ConfiguredConnection } from "../providers/connections.ts";
import type { ConnectionStateStore } from "../store/connection-states.ts";
import type { ConnectionBook } from "./connection-book.ts";

export interface Lane {
  /** Undefined: no longer configured. */
  readonly connection: ConfiguredConnection | undefined;
  /** Asked once for each flow: until when it must not be started. Undefined: it may. Where the provider is to be tried, one flow tries. */
  readonly closedUntil: () => Date | undefined;
  /** Seconds until it is the turn of a flow that makes this many requests, behind all that asked before it in this run. */
  readonly queue: (requests: number) => number;
  /** Whether no flow may begin in this run any more. Asking changes nothing. */
  readonly isFull: () => boolean;
  /** Since when surely nothing can be sent: its provider has been failing, or it is missing. Undefined: something can. */
  readonly stuckSince: () => Date | undefined;
}

/** Follow-up runs every minute: what comes later than that is the next run's. */
export const runSeconds = 60;

/** Requests that a flow makes from its beginning: balance, movement and a lookup. */
export const requestsOfFlow = 3;

/** How long the others wait for the flow that tries whether a provider is back. */
const trialMs = 10_000;

/** Requests a second to a connection that names no rate: as many as a provider takes from one customer without being asked. */
const unratedPerSecond = 300;

/** How far apart flows that are started by the schedule follow each other at a connection, in milliseconds. */
export function paceMs({
  requestsPerSecond = unratedPerSecond,
}: {
  readonly requestsPerSecond?: number | undefined;
}): number {
  return (requestsOfFlow * 1_000) / requestsPerSecond;
}

/** Looks each connection up once in a run. A state that cannot be read closes nothing. */
export function lanes({
  connections,
  states,
  now,
}: {
  readonly connections: ConnectionBook;
  readonly states: Pick<ConnectionStateStore, "get">;
  readonly now: () => Date;
}): (connection: string) => Promise<Lane> {
  const opened = new Map<string, Promise<Lane>>();
  const open = async (id: string): Promise<Lane> => {
    const [connection, state] = await Promise.all([connections.get(id), states.get(id).catch(() => undefined)]);
    const until = state?.openUntil === undefined ? undefined : new Date(state.openUntil);
    const perSecond = connection?.config.requestsPerSecond ?? unratedPerSecond;
    let freeAtMs = now().getTime();
    let isTried = false;
    const isClosed = () => until !== undefined && (isTried || until > now());
    return {
      connection,
      closedUntil: () => {
        if (!until || until > now()) return until;
        if (isTried) return new Date(now().getTime() + trialMs);
        isTried = true;
        return undefined;
      },
      queue: (requests) => {
        // A run may take a while: what it started before is through by then.
        const at = Math.max(freeAtMs, now().getTime());
        freeAtMs = at + (requests * 1_000) / perSecond;
        return Math.floor((at - now().getTime()) / 1_000);
      },
      isFull: () => !connection || isClosed() || freeAtMs - now().getTime() >= runSeconds * 1_000,
      stuckSince: () => {
        if (!connection) return new Date(0);
        return isClosed() && state ? new Date(state.failingSince) : undefined;
      },
    };
  };
  return (id) => {
    const lane = opened.get(id) ?? open(id);
    opened.set(id, lane);
    return lane;
  };
}
