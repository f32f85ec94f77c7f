/** Refused requests that came as events: what the bus hears of one, and that an event has one verdict. */
import type { FieldError, ProblemCode, VisibleError } from "../domain/errors.ts";
import { claimId } from "../domain/ids.ts";
import type { ClaimLookup, ClaimStore } from "../store/port.ts";
import type { Clock } from "./dependencies.ts";
import type { EventPublisher } from "./event-bridge.ts";
import type { Address, RequestEvent } from "./event-request.ts";

/** The detail of `moneyback.request_rejected`, version 1. Why, and of which event; never the event's body. */
export interface Rejection {
  readonly version: 1;
  /** The event's own id: a repeat is known by it. */
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** Absent where the event names none that can be read. */
  readonly tenant?: string;
  readonly key?: string;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly errors: readonly FieldError[];
}

export interface RejectionDependencies extends Pick<Clock, "now"> {
  readonly claims: ClaimStore & ClaimLookup;
  readonly events: EventPublisher;
}

/**
 * What ends the invocation of a refused event, so that it comes to the dead-letter queue by the same way as one that
 * failed. Lambda invokes it again before that, which finds the verdict and does nothing.
 */
export class RejectedRequestError extends Error {
  override readonly name = "RejectedRequestError";
  readonly code: ProblemCode;

  constructor({ code, detail }: Pick<Rejection, "code" | "detail">) {
    super(`${code}: ${detail}`);
    this.code = code;
  }
}

/** What the sender wrote stands in names of fields and in texts about them; the bus takes 256 kB an event. */
const errorsMax = 50;
const pathLengthMax = 100;
const textLengthMax = 500;

export function rejectionOf(
  event: RequestEvent,
  { tenant, key }: Address,
  { code, message, errors }: VisibleError,
): Rejection {
  return {
    version: 1,
    id: event.id,
    source: event.source,
    detailType: event["detail-type"],
    ...(tenant !== undefined && { tenant }),
    ...(key !== undefined && { key }),
    code,
    detail: shortened(message, textLengthMax),
    errors: errors.slice(0, errorsMax).map(({ path, message: what }) => ({
      path: shortened(path, pathLengthMax),
      message: shortened(what, textLengthMax),
    })),
  };
}

/** The verdict on an event, where it was refused before. */
export async function earlierRejection(
  eventId: string,
  { claims, now }: RejectionDependencies,
): Promise<Rejection | undefined> {
  const text = await claims.find(verdictId(eventId), now());
  return text === undefined ? undefined : (JSON.parse(text) as Rejection);
}

/**
 * Makes the verdict final, and says it on the bus:
 *
 *   verdict ─┬─ event out ─┬─ noted as out ─── dead-letter queue
 *            │             └─ died here: out again when the event comes again, the same by its id
 *            └─ died here: the next delivery finds the verdict, whatever has become valid since
 *
 * Without the verdict a request that was announced as refused could move money a minute later, when it is tried again.
 */
export async function announce(given: Rejection, dependencies: RejectionDependencies): Promise<RejectedRequestError> {
  const { claims, events, now } = dependencies;
  const claim = await claims.claim(verdictId(given.id), JSON.stringify(given), now());
  const rejection = claim.claimed ? given : (JSON.parse(claim.fingerprint) as Rejection);
  if ((await claims.find(saidId(given.id), now())) === undefined) {
    await events.publish([{ type: "moneyback.request_rejected", at: now().toISOString(), detail: rejection }]);
    await claims.claim(saidId(given.id), "said", now());
  }
  return new RejectedRequestError(rejection);
}

/** No tenant is named "", so these never meet the claim of a key. */
function verdictId(eventId: string): string {
  return claimId("", "rejected event", eventId);
}

function saidId(eventId: string): string {
  return claimId("", "rejected event, said", eventId);
}

function shortened(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1).toWellFormed()}…`;
}
