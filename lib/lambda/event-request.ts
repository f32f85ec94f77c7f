/** What an event on the bus may ask for: the body of a kind's POST, and beside it for whom and under which key. */
import * as z from "zod/mini";
import { VisibleError } from "../domain/errors.ts";
import { type CashbackDependencies, CreateCashback, createCashback } from "./create-cashback.ts";
import { CreateRefund, createRefund, type RefundDependencies } from "./create-refund.ts";
import { CreateSpendback, createSpendback } from "./create-spendback.ts";
import type { Answer, Call } from "./endpoint.ts";
import { KeyInput, readKey } from "./idempotency-key.ts";
import { check } from "./input.ts";

/** EventBridge's envelope, as far as it is looked at. What is not even that came from somewhere else, and is a bug. */
export const RequestEvent = z.object({
  /** EventBridge's own: the same when the event is delivered again. */
  id: z.string().check(z.minLength(1)),
  source: z.string(),
  "detail-type": z.string(),
  detail: z.unknown(),
});
export type RequestEvent = z.infer<typeof RequestEvent>;

/** The longest name of a tenant that is read. */
const tenantLengthMax = 100;

const TenantInput = z.string("is required: the tenant whose money moves").check(
  z.minLength(1, "is required: the tenant whose money moves"),
  z.maxLength(tenantLengthMax, `must have at most ${tenantLengthMax} characters`),
  z.refine((text) => text.isWellFormed(), "must be whole characters"),
);

/** What an event has beside the body. */
const addressed = { tenant: TenantInput, key: z.exactOptional(KeyInput) };

export const SpendbackRequested = z.extend(CreateSpendback, addressed);
export const RefundRequested = z.extend(CreateRefund, addressed);
export const CashbackRequested = z.extend(CreateCashback, addressed);

/** Whom the detail names, and its key, as far as they can be read: to say what was refused. What is taken is what `readRequest` read. */
export interface Address {
  readonly tenant: string | undefined;
  readonly key: string | undefined;
}

export function addressIn(detail: unknown): Address {
  const { tenant, key } = Loose.safeParse(detail).data ?? {};
  return {
    tenant: TenantInput.safeParse(tenant).data,
    key: typeof key === "string" ? readKey(key) : undefined,
  };
}

const Loose = z.object({ tenant: z.optional(z.unknown()), key: z.optional(z.unknown()) });

/** What taking any kind of request needs. */
export type RequestDependencies = RefundDependencies & CashbackDependencies;

/** A request that was read: whose, under which key, and what takes it as the HTTP call would. */
interface Request {
  readonly tenant: string;
  readonly key: string | undefined;
  readonly take: (dependencies: RequestDependencies, call: Call) => Promise<Answer>;
}

const readers: Readonly<Record<string, (detail: unknown) => Request>> = {
  "spendback.requested": (detail) => {
    const { tenant, key, ...input } = check(SpendbackRequested, detail);
    return { tenant, key, take: (dependencies, call) => createSpendback(input, dependencies, call) };
  },
  "refund.requested": (detail) => {
    const { tenant, key, ...input } = check(RefundRequested, detail);
    return { tenant, key, take: (dependencies, call) => createRefund(input, dependencies, call) };
  },
  "cashback.requested": (detail) => {
    const { tenant, key, ...input } = check(CashbackRequested, detail);
    return { tenant, key, take: (dependencies, call) => createCashback(input, dependencies, call) };
  },
};

/** @throws VisibleError unsupported_operation, validation_failed with every wrong field of the detail */
export function readRequest(detailType: string, detail: unknown): Request {
  const read = Object.hasOwn(readers, detailType) ? readers[detailType] : undefined;
  if (read) return read(detail);
  throw new VisibleError("unsupported_operation", `Events ask for ${Object.keys(readers).join(", ")}.`);
}
