/** The API as a caller meets it: an answer with a status, or none at all. */
import type * as z from "zod/mini";
import { run as cancelTransaction } from "../../functions/cancel-transaction.ts";
import { run as getTransaction } from "../../functions/get-transaction.ts";
import { ResolveTransaction, run as resolveTransaction } from "../../functions/resolve-transaction.ts";
import { problems, VisibleError } from "../../lib/domain/errors.ts";
import type { Kind } from "../../lib/domain/transaction.ts";
import { CreateCashback, createCashback } from "../../lib/lambda/create-cashback.ts";
import { CreateRefund, createRefund } from "../../lib/lambda/create-refund.ts";
import { CreateSpendback, createSpendback } from "../../lib/lambda/create-spendback.ts";
import type { Answer, Call } from "../../lib/lambda/endpoint.ts";
import { check } from "../../lib/lambda/input.ts";
import type { Dependencies } from "./dependencies.ts";
import type { Evidence } from "./evidence.ts";
import type { Lambdas } from "./lambdas.ts";
import { isOutage, traceOf } from "./outage.ts";
import type { Actor } from "./scheduler.ts";

export interface Caller {
  readonly tenant: string;
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a caller hears. 0: nothing, or that something broke inside. */
export interface Heard {
  readonly status: number;
  readonly code?: string;
  readonly body?: { readonly id: string; readonly status: string };
  readonly isReplayed: boolean;
}

type Run = (dependencies: Dependencies, call: Call) => Promise<Answer>;

export interface Gateway {
  create(actor: Actor, kind: Kind, body: unknown, caller: Caller): Promise<Heard>;
  read(actor: Actor, id: string, caller: Caller): Promise<Heard>;
  cancel(actor: Actor, id: string, caller: Caller): Promise<Heard>;
  resolve(actor: Actor, input: unknown, caller: Caller): Promise<Heard>;
  /** Any endpoint. */
  call(actor: Actor, name: string, run: Run, caller: Caller, transactionId?: string): Promise<Heard>;
}

export function openGateway(lambdas: Lambdas<Dependencies>, evidence: Evidence): Gateway {
  let requests = 0;
  const call: Gateway["call"] = async (actor, name, run, caller, transactionId) => {
    const { tenant, idempotencyKey = "", headers = {} } = caller;
    const given: Call = { tenant, keyId: "key_1", requestId: `request-${++requests}`, headers, idempotencyKey };
    try {
      const answer = await lambdas.invoke(actor, name, (dependencies) => run(dependencies, given), transactionId);
      const isReplayed = answer.headers?.["idempotent-replayed"] === "true";
      return { status: answer.status, body: answer.body as NonNullable<Heard["body"]>, isReplayed };
    } catch (error) {
      return heardOf(error, name, evidence);
    }
  };
  return {
    call,
    create: (actor, kind, body, caller) => {
      const creations: Readonly<Record<Kind, Run>> = {
        spendback: checked(CreateSpendback, body, createSpendback),
        refund: checked(CreateRefund, body, createRefund),
        cashback: checked(CreateCashback, body, createCashback),
      };
      return call(actor, `create-${kind}`, creations[kind], caller);
    },
    read: (actor, id, caller) =>
      call(actor, "get-transaction", (given, one) => getTransaction({ id }, given, one), caller),
    // The provider is called from here, too, for this transaction.
    cancel: (actor, id, caller) =>
      call(actor, "cancel-transaction", (given, one) => cancelTransaction({ id }, given, one), caller, id),
    resolve: (actor, input, caller) =>
      call(actor, "resolve-transaction", checked(ResolveTransaction, input, resolveTransaction), caller),
  };
}

/** An endpoint that is called with this input. */
export function checked<Input>(
  schema: z.ZodMiniType<Input>,
  body: unknown,
  run: (input: Input, dependencies: Dependencies, call: Call) => Promise<Answer>,
): Run {
  return async (dependencies, call) => run(check(schema, body), dependencies, call);
}

/** What is thrown and not for a caller's eyes is a 500; and a bug, unless something outside failed. */
function heardOf(error: unknown, name: string, evidence: Evidence): Heard {
  if (error instanceof VisibleError)
    return { status: problems[error.code].status, code: error.code, isReplayed: false };
  if (!isOutage(error)) evidence.violate("nothing-unexpected-is-thrown", `${name}: ${traceOf(error)}`);
  return { status: 0, isReplayed: false };
}
