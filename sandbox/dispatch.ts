/** Takes one provider's requests: route, rate limit, fault, handler; decides what is delivered. */

import type { IncomingHttpHeaders } from "node:http";
import type { Delivery } from "./deliver.ts";
import type { ArmedFault, FaultQueue } from "./faults.ts";
import { fateOf } from "./faults.ts";
import { tryParseJson } from "./json.ts";
import type { Answer, Call, Desk, Provider, Route } from "./provider.ts";
import type { RequestLog, RequestRecord } from "./requests.ts";
import { findRoute } from "./routing.ts";

/** Longer than any client waits. */
const SILENCE_MS = 120_000;
const SLOW_MS = 3_000;

export interface Incoming {
  readonly method: string;
  /** Below the provider's base URL. */
  readonly path: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Mount {
  readonly provider: Provider;
  readonly desk: Desk;
  readonly faults: FaultQueue;
  readonly requests: RequestLog;
  /** Whether this call is one too many; counts it. */
  readonly isTooFast: () => boolean;
  readonly now: () => number;
}

/** What the sandbox sends back. The record's status is final unless the delivery is an answer, which sets it. */
export const dispatch = (mount: Mount, incoming: Incoming): { delivery: Delivery; record: RequestRecord } => {
  const { provider, desk, faults, requests } = mount;
  const found = findRoute(desk.routes, { ...incoming, ignoresCase: provider.ignoresCase });
  const { route } = found;
  const isTooFast = mount.isTooFast();
  const fault = route && !isTooFast ? faults.take(provider.id, route.operation) : undefined;
  const call = toCall(mount, incoming, route ? found.params : {}, fault);
  const reference = route?.reference?.(call);
  const record = requests.add({
    at: new Date(mount.now()).toISOString(),
    provider: provider.id,
    operation: route?.operation ?? "unknown",
    method: incoming.method,
    path: incoming.path + incoming.search,
    ...(reference === undefined ? {} : { reference }),
    ...(fault ? { fault: fault.fault } : {}),
    status: fault?.fault ?? 0,
  });
  if (isTooFast) return { record, delivery: { kind: "answer", answer: desk.rateLimited() } };
  if (!route) return { record, delivery: { kind: "answer", answer: desk.noRoute(found.reason) } };
  return { record, delivery: strike(desk, route, call, fault) };
};

const toCall = (
  { provider, now }: Mount,
  { method, headers, search, text }: Incoming,
  params: Call["params"],
  fault: ArmedFault | undefined,
): Call => {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(search)) {
    const key = provider.ignoresCase ? name.toLowerCase() : name;
    if (!query.has(key)) query.set(key, value);
  }
  return { method, headers, params, query, text, json: tryParseJson(text), fate: fateOf(fault, now()) };
};

/** Runs the handler unless the fault comes before it, and loses or keeps its answer. */
const strike = (desk: Desk, route: Route, call: Call, fault: ArmedFault | undefined): Delivery => {
  const answered = (answer: Answer): Delivery => ({ kind: "answer", answer });
  const silent = (): Delivery => ({ kind: "silence", forMs: fault?.delayMs ?? SILENCE_MS });
  switch (fault?.fault) {
    case "timeout-before":
      return silent();
    case "reset-before":
      return { kind: "reset" };
    case "error-500-before":
      return answered(desk.internalError());
    case "rate-limit":
      return answered(desk.rateLimited());
    case "expired-token":
      return answered(desk.tokenExpired());
  }
  const answer = route.handle(call);
  switch (fault?.fault) {
    case "timeout-after":
      return silent();
    case "reset-after":
      return { kind: "reset" };
    case "error-500-after":
      return answered(desk.internalError());
    case "garbage-200":
      return answered({ ...answer, status: 200, body: answer.body.slice(0, answer.body.length / 2) });
    case "slow":
      return { kind: "answer", answer, afterMs: fault.delayMs ?? SLOW_MS };
    default:
      return answered(answer);
  }
};
