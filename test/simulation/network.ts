/** Carries requests to the simulated providers, and loses, delays or spoils them on the way. */
import type { Exchange, HttpRequest } from "../../lib/providers/http.ts";
import type { FaultName as ProviderFault } from "../../sandbox/faults.ts";
import { onPayoutArrival } from "./accrual-invariants.ts";
import { onRowArrival } from "./batch-invariants.ts";
import type { Evidence, Send } from "./evidence.ts";
import type { FaultName } from "./fault-names.ts";
import type { Faults } from "./faults.ts";
import { onArrival, onSend } from "./invariants.ts";
import type { Invocation } from "./invocation.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { SimulatedProviders } from "./simulated-providers.ts";
import type { Trace } from "./trace.ts";

/** What a provider does by itself, and what the stand-ins call it. */
const ofProviders: readonly (readonly [FaultName, ProviderFault])[] = [
  ["rate-limit", "rate-limit"],
  ["session-expired", "expired-token"],
  ["error-before", "error-500-before"],
  ["error-after", "error-500-after"],
  ["garbage", "garbage-200"],
  ["pending-then-settled", "pending-then-settled"],
  ["pending-then-failed", "pending-then-failed"],
  ["lookup-lag", "late-lookup"],
];

const ofTheWire = ["unreachable", "request-lost", "request-late", "response-lost", "response-late"] as const;
export type WireFault = (typeof ofTheWire)[number];

/** Answers by which a provider says that it did not even look at the order: who is asking, or too often, or busy. */
const refusedAtTheDoor = new Set([401, 403, 429, 570]);

/** Asked of every order that a provider has carried out, whatever it came from. */
const onAnyArrival = { ...onArrival, ...onRowArrival, ...onPayoutArrival };

const reset = { kind: "in-doubt", detail: "ECONNRESET" } as const;

/** How late a request may still be carried out. */
const lateMsMax = 3 * 3_600_000;

export interface Network {
  /** What becomes of a request that an invocation sends now. */
  send(invocation: Invocation, request: HttpRequest): Promise<Exchange>;
}

interface NetworkSetting {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly providers: SimulatedProviders;
  readonly trace: Trace | undefined;
  /** What is to happen to the first request that moves money. */
  readonly firstSend: WireFault | undefined;
  /** Called after each request that a provider carried out; the answer waits for so many milliseconds more. */
  readonly onArrival: () => number;
}

interface Parcel {
  readonly request: HttpRequest;
  /** What can go wrong with it at the provider. */
  readonly applicable: readonly ProviderFault[];
  /** Undefined for one that moves no money. */
  readonly send: Send | undefined;
}

export function openNetwork(setting: NetworkSetting): Network {
  const { scheduler, faults, random, evidence, providers, trace } = setting;
  const wire: Actor = { name: "the network", isAlive: true };

  /** Carries the request out at the provider. */
  const arrive = ({ request, applicable, send }: Parcel): { exchange: Exchange; waitMs: number } => {
    const [ours, theirs] =
      ofProviders.find(([name, fault]) => applicable.includes(fault) && faults.strikes(name)) ?? [];
    const { status, text, operation, moved } = providers.exchange(request, theirs);
    const what = moved
      .map(({ amount, status: state }) => ` moves ${amount.value} ${amount.currency} (${state})`)
      .join();
    trace?.add(
      scheduler.now,
      new URL(request.url).pathname.split("/")[1] ?? "",
      `${operation}: ${status}${what}`,
      ours,
    );
    if (send) {
      send.arrivedAt = scheduler.now;
      send.moved = moved;
      const isNothing = ours === "rate-limit" || ours === "session-expired" || refusedAtTheDoor.has(status);
      if (send.outcome === "open") send.outcome = isNothing ? "nothing" : "answered";
      evidence.check(onAnyArrival, send);
    }
    return { exchange: { kind: "answered", status, text }, waitMs: setting.onArrival() };
  };

  const note = (send: Send | undefined, outcome: Send["outcome"]): void => {
    if (send) send.outcome = outcome;
  };

  /** The hardest of all: the caller has given up, lookups find nothing, and then the provider carries it out. */
  const arriveMuchLater = (parcel: Parcel, send: Send): void => {
    evidence.underWay.add(send);
    scheduler.after(parcel.request.timeoutMs + random.spread(500, lateMsMax), wire, () => {
      evidence.underWay.delete(send);
      arrive(parcel);
    });
  };

  /** Sends it, with what happens on the way; `answer` is called once, later. */
  const carry = (
    parcel: Parcel,
    fault: WireFault | undefined,
    answer: (ms: number, exchange: Exchange) => void,
  ): void => {
    const { send } = parcel;
    const { timeoutMs } = parcel.request;
    const timeout = { kind: "in-doubt", detail: `no answer within ${timeoutMs} ms` } as const;
    // Half of what is lost ends in a reset, at once; of the other half nothing is ever heard.
    const giveUp = (): void => {
      note(send, "doubt");
      if (random.chance(0.5)) answer(timeoutMs, timeout);
      else answer(random.between(5, 400), reset);
    };
    const there = random.between(2, 200);
    const back = random.between(2, 200);
    switch (fault) {
      case "unreachable":
        answer(there, { kind: "not-sent", detail: "ECONNREFUSED" });
        break;
      case "request-lost":
        giveUp();
        break;
      case "request-late":
        giveUp();
        // Of a request that only reads nothing is left to happen.
        if (send) arriveMuchLater(parcel, send);
        break;
      case "response-lost":
        note(send, "doubt");
        scheduler.after(there, wire, () => {
          arrive(parcel);
          if (random.chance(0.5)) answer(back, reset);
          else answer(timeoutMs - there, timeout);
        });
        break;
      case "response-late":
        note(send, "doubt");
        answer(timeoutMs, timeout);
        scheduler.after(random.between(there, timeoutMs), wire, () => void arrive(parcel));
        break;
      case undefined:
        scheduler.after(there, wire, () => {
          const { exchange, waitMs } = arrive(parcel);
          answer(back + waitMs, exchange);
        });
    }
  };

  return {
    send: (invocation, request) =>
      new Promise((resolve) => {
        const applicable = providers.faultsFor(request);
        const isMoney = applicable.includes("late-lookup");
        const isFirst = isMoney && evidence.sends.size === 0;
        const fault = (isFirst && setting.firstSend) || ofTheWire.find((name) => faults.strikes(name));
        if (fault) trace?.add(scheduler.now, invocation.name, "", fault);
        const leaves = isMoney && fault !== "unreachable";
        const send = leaves ? newSend(invocation, evidence, scheduler.now) : undefined;
        carry({ request, applicable, send }, fault, (ms, exchange) => {
          scheduler.after(ms, invocation, () => resolve(exchange));
        });
      }),
  };
}

function newSend({ transactionId = "" }: Invocation, evidence: Evidence, at: number): Send {
  const attempt = evidence.transactions.get(transactionId)?.attempts ?? 0;
  const send: Send = { transactionId, attempt, at, outcome: "open", moved: [] };
  evidence.check(onSend, send);
  evidence.sends.set(transactionId, [...evidence.sendsOf(transactionId), send]);
  return send;
}
