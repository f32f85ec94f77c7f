/** On the bus: what an event asks for, a refund, a spendback or a cashback, becomes the transaction, or the accrual, that the HTTP call would make. */
import type { Context } from "aws-lambda";
import { problems, VisibleError } from "../lib/domain/errors.ts";
import { refundDependencies } from "../lib/lambda/create-refund.ts";
import { claimStore, clock, once } from "../lib/lambda/dependencies.ts";
import {
  type Address,
  addressIn,
  type RequestDependencies,
  RequestEvent,
  readRequest,
} from "../lib/lambda/event-request.ts";
import { type MayAct, readEventSources } from "../lib/lambda/event-sources.ts";
import { eventsWhenPublished } from "../lib/lambda/events-when-published.ts";
import { readDetail } from "../lib/lambda/input.ts";
import { errorFields, log } from "../lib/lambda/log.ts";
import { memoryOf, metered } from "../lib/lambda/meter.ts";
import {
  announce,
  earlierRejection,
  RejectedRequestError,
  type RejectionDependencies,
  rejectionOf,
} from "../lib/lambda/rejections.ts";
import { scheduledWhenAsked } from "../lib/lambda/scheduled-when-asked.ts";

export interface Dependencies extends RequestDependencies, RejectionDependencies {
  readonly claims: RequestDependencies["claims"] & RejectionDependencies["claims"];
  readonly mayAct: MayAct;
}

export interface Accepted {
  readonly outcome: "accepted" | "repeated";
  readonly transactionId?: string;
  /** Instead, where a cashback is to be paid by schedule. */
  readonly accrualId?: string;
}

/**
 * The same event any number of times, or the same key over HTTP, is one transaction, or one accrual.
 * @throws RejectedRequestError for what will never be right; any other error for what may pass, and is then tried again
 */
export async function run(event: RequestEvent, dependencies: Dependencies, requestId: string): Promise<Accepted> {
  const earlier = await earlierRejection(event.id, dependencies);
  if (earlier) throw await announce(earlier, dependencies);
  const address = addressIn(event.detail);
  try {
    return await accepted(event, address, dependencies, requestId);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw await announce(rejectionOf(event, address, error), dependencies);
  }
}

async function accepted(
  event: RequestEvent,
  address: Address,
  dependencies: Dependencies,
  requestId: string,
): Promise<Accepted> {
  // Before the rest is looked at: a stranger is not told what is wrong with it.
  if (address.tenant !== undefined) assertMayAct(event.source, address.tenant, dependencies.mayAct);
  const { tenant, key, take } = readRequest(event["detail-type"], readDetail(event.detail));
  assertMayAct(event.source, tenant, dependencies.mayAct);
  const { headers, transactionId, accrualId } = await take(dependencies, {
    tenant,
    keyId: "",
    requestId,
    door: "event",
    headers: {},
    // The event's id is drawn by the bus, and stays when the event is delivered again.
    idempotencyKey: key ?? event.id,
  });
  return {
    outcome: headers?.["idempotent-replayed"] ? "repeated" : "accepted",
    ...(transactionId !== undefined && { transactionId }),
    ...(accrualId !== undefined && { accrualId }),
  };
}

function assertMayAct(source: string, tenant: string, mayAct: MayAct): void {
  if (mayAct(source, tenant)) return;
  throw new VisibleError("forbidden", `The source "${source}" may not act for the tenant "${tenant}".`, {
    errors: [{ path: "tenant", message: `is not one that the source "${source}" may act for` }],
  });
}

/** What the sender did wrong. The rest, however it came about, is worth another try. */
function isRefusal(error: unknown): error is VisibleError {
  return error instanceof VisibleError && error.code !== "rate_limited" && problems[error.code].status < 500;
}

const shared = once((): Dependencies => {
  const dependencies = refundDependencies();
  return {
    ...dependencies,
    claims: claimStore(),
    scheduled: scheduledWhenAsked(dependencies),
    events: eventsWhenPublished,
    mayAct: readEventSources(process.env["EVENT_SOURCES"]),
  };
});

export async function handler(given: unknown, context: Context): Promise<Accepted> {
  const started = performance.now();
  const event = RequestEvent.parse(given);
  const fields = { requestId: context.awsRequestId, function: context.functionName, eventId: event.id };
  const durationMs = () => Math.round(performance.now() - started);
  try {
    const setting = { now: clock.now, own: { lambdaCalls: 1 }, memoryMb: memoryOf(context) };
    const result = await metered(setting, () => run(event, shared(), context.awsRequestId));
    log("info", "requested by event", { ...fields, ...result, durationMs: durationMs() });
    return result;
  } catch (error) {
    const outcome = error instanceof RejectedRequestError ? "rejected" : "failed";
    const level = outcome === "rejected" ? "warn" : "error";
    const code = error instanceof RejectedRequestError && { code: error.code };
    log(level, "requested by event", { ...fields, outcome, ...code, durationMs: durationMs(), ...errorFields(error) });
    throw error;
  }
}
