/** The people and machines that call the API: they order, repeat, read, cancel and resolve, and check what they hear. */

import { transactionId } from "../../lib/domain/ids.ts";
import { operationOf } from "../../lib/lambda/accept.ts";
import type { Evidence } from "./evidence.ts";
import type { Caller, Gateway, Heard } from "./gateway.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";
import type { Action, Order, Workload } from "./workload.ts";

/** How often a caller tries whose call was not answered. In the end nothing goes wrong any more. */
const triesMax = 200;

export interface CallersSetting {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly gateway: Gateway;
  readonly trace: Trace | undefined;
  readonly onAnswer: (heard: Heard) => void;
}

export interface Callers {
  /** Sets everything going that the workload says. */
  begin(workload: Workload, off: ReadonlySet<number>): void;
  /** Resolves everything that needs an operator and of which nothing is under way any more. */
  resolveAll(): void;
}

export function openCallers(setting: CallersSetting): Callers {
  const { scheduler, random, evidence, gateway, trace, onAnswer } = setting;
  const accepted = new Map<Order, string>();

  /** Calls until somebody answers. "The provider did not say" is an answer, too. */
  const insist = async (actor: Actor, call: () => Promise<Heard>): Promise<Heard> => {
    for (let tries = 0; tries < triesMax; tries++) {
      const heard = await call();
      trace?.add(scheduler.now, actor.name, `hears ${heard.status} ${heard.code ?? ""} ${heard.body?.id ?? ""}`);
      onAnswer(heard);
      if (heard.status !== 0) return heard;
      await new Promise<void>((resolve) => scheduler.after(random.between(500, 30_000), actor, resolve));
    }
    evidence.violate("the-api-answers", `${actor.name} was never answered`);
    return { status: 0, isReplayed: false };
  };

  const order = async (actor: Actor, one: Order): Promise<void> => {
    const headers = one.waitSeconds > 0 ? { prefer: `wait=${one.waitSeconds}` } : {};
    const caller: Caller = { tenant: one.tenant, idempotencyKey: one.key, headers };
    const heard = await insist(actor, () => gateway.create(actor, one.kind, one.body, caller));
    const known = accepted.get(one);
    if (heard.body === undefined) {
      if (known) evidence.violate("same-key-same-transaction", `${one.name} was accepted and is now ${heard.code}`);
      return;
    }
    if (known !== undefined && known !== heard.body.id) {
      evidence.violate("same-key-same-transaction", `${one.name} is ${known} and ${heard.body.id}`);
    }
    accepted.set(one, heard.body.id);
  };

  const reuse = async (actor: Actor, one: Order): Promise<void> => {
    if (!accepted.has(one)) return;
    const body = { ...one.body, description: "another wish" };
    const caller = { tenant: one.tenant, idempotencyKey: one.key };
    const heard = await insist(actor, () => gateway.create(actor, one.kind, body, caller));
    if (heard.code !== "idempotency_key_reused") {
      evidence.violate("other-request-refused", `${one.name} with another body: ${heard.status} ${heard.code ?? ""}`);
    }
  };

  const peek = async (actor: Actor, one: Order): Promise<void> => {
    const id = idOf(one);
    const stranger = { tenant: "initech", idempotencyKey: one.key };
    const input = { id, outcome: "failed", reason: "not mine" };
    for (const look of [
      () => gateway.read(actor, id, stranger),
      () => gateway.cancel(actor, id, stranger),
      () => gateway.resolve(actor, input, stranger),
    ]) {
      const heard = await insist(actor, look);
      if (heard.status !== 404) evidence.violate("tenants-see-nothing", `a stranger to ${one.name}: ${heard.status}`);
    }
  };

  const read = async (actor: Actor, one: Order): Promise<void> => {
    const wasThere = accepted.has(one);
    const heard = await insist(actor, () => gateway.read(actor, idOf(one), { tenant: one.tenant }));
    if (wasThere && heard.status !== 200) evidence.violate("accepted-is-there", `${one.name}: ${heard.status}`);
  };

  /** An operator looks at the provider's own books. What may still arrive there, nobody can know: then he waits. */
  const resolve = async (actor: Actor, id: string): Promise<void> => {
    const transaction = evidence.transactions.get(id);
    if (transaction?.status !== "needs_review" || !isQuiet(evidence, id)) return;
    const outcome = evidence.moving(id).length > 0 ? "succeeded" : "failed";
    const input = { id, outcome, reason: "seen in the provider's books" };
    const caller = { tenant: transaction.tenant, idempotencyKey: `resolve-${id}` };
    const heard = await insist(actor, () => gateway.resolve(actor, input, caller));
    if (heard.status !== 200) evidence.violate("operators-can-resolve", `${id}: ${heard.status} ${heard.code ?? ""}`);
  };

  const act: Readonly<Record<Action["kind"], (actor: Actor, one: Order) => Promise<void>>> = {
    order,
    repeat: order,
    reuse,
    peek,
    read,
    cancel: async (actor, one) => {
      // Refused or not: what the provider then did is in the ledger.
      const caller = { tenant: one.tenant, idempotencyKey: `cancel-${one.key}` };
      await insist(actor, () => gateway.cancel(actor, idOf(one), caller));
    },
    operate: (actor, one) => resolve(actor, idOf(one)),
  };

  return {
    begin({ orders, actions }, off) {
      for (const one of orders) trace?.name(idOf(one), one.name);
      for (const [place, { kind, order: number, at }] of actions.entries()) {
        const one = orders[number];
        if (!one || off.has(place)) continue;
        const actor: Actor = { name: `caller: ${kind} ${one.name}`, isAlive: true };
        scheduler.after(at, actor, () => void act[kind](actor, one));
      }
    },

    resolveAll() {
      for (const { id, status } of evidence.transactions.values()) {
        if (status !== "needs_review") continue;
        const actor: Actor = { name: "operator", isAlive: true };
        scheduler.ready(actor, () => void resolve(actor, id));
      }
    },
  };
}

function idOf({ tenant, kind, key }: Order): string {
  return transactionId(tenant, operationOf[kind], key);
}

/** Whether nothing of it can move any more: what left has arrived, or is known to be lost. */
function isQuiet(evidence: Evidence, id: string): boolean {
  return evidence.sendsOf(id).every((send) => send.outcome !== "open" && !evidence.underWay.has(send));
}
