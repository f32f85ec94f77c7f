/** The people and machines that order transactions: they order, repeat, read, cancel and resolve, and check what they hear. */
import { transactionId } from "../../lib/domain/ids.ts";
import { operationOf } from "../../lib/lambda/accept.ts";
import type { EventSenders } from "./event-senders.ts";
import type { Evidence } from "./evidence.ts";
import type { Caller, Gateway } from "./gateway.ts";
import type { Insist } from "./insist.ts";
import type { Order, OrderAction } from "./order.ts";
import type { Actor } from "./scheduler.ts";

export interface OrderCallers {
  act(actor: Actor, one: Order, kind: OrderAction["kind"]): Promise<void>;
  /** An operator's word about a transaction that needs it. */
  resolve(actor: Actor, id: string): Promise<void>;
}

export function openOrderCallers({
  evidence,
  gateway,
  insist,
  senders,
}: {
  readonly evidence: Evidence;
  readonly gateway: Gateway;
  readonly insist: Insist;
  readonly senders: EventSenders;
}): OrderCallers {
  const accepted = new Map<Order, string>();

  const order = async (actor: Actor, one: Order): Promise<void> => {
    const headers = one.waitSeconds > 0 ? { prefer: `wait=${one.waitSeconds}` } : {};
    const caller: Caller = { tenant: one.tenant, idempotencyKey: one.key, headers };
    const heard = await insist(actor, () => gateway.create(actor, one.kind, one.body, caller));
    note(one, heard.body?.id, heard.code);
  };

  /** What an order was answered with: its id, or why it was refused. */
  const note = (one: Order, id: string | undefined, why = "refused"): void => {
    const known = accepted.get(one);
    if (known !== undefined && known !== id && !(id !== undefined && isAnotherTry(evidence, one, [known, id]))) {
      evidence.violate("same-key-same-transaction", `${one.name} is ${known} and ${id ?? why}`);
    }
    if (id !== undefined) accepted.set(one, id);
  };

  const request = (one: Order, id: string): void => {
    const detail = { ...one.body, tenant: one.tenant, key: one.key };
    senders.send({ id, kind: one.kind, detail }, (end) => note(one, end.kind === "accepted" ? end.id : undefined));
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

  const acts: Readonly<Record<OrderAction["kind"], (actor: Actor, one: Order) => Promise<void>>> = {
    order,
    repeat: order,
    event: async (_, one) => request(one, `${one.tenant}-${one.key}`),
    "other event": async (_, one) => request(one, `${one.tenant}-${one.key}-again`),
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

  return { act: (actor, one, kind) => acts[kind](actor, one), resolve };
}

/** The transaction that an order's key stands for, or its first try. */
export function idOf({ tenant, kind, key }: Order): string {
  return transactionId(tenant, operationOf[kind], key);
}

/** Whether of two answers for one key one tells of a later try: then what came before it has failed. */
function isAnotherTry({ doors, transactions }: Evidence, { tenant, key }: Order, told: readonly string[]): boolean {
  const tries = doors.madeFor(tenant, key);
  const [first] = tries.filter((id) => told.includes(id));
  return told.every((id) => tries.includes(id)) && transactions.get(first ?? "")?.status === "failed";
}

/** Whether nothing of it can move any more: what left has arrived, or is known to be lost. */
function isQuiet(evidence: Evidence, id: string): boolean {
  return evidence.sendsOf(id).every((send) => send.outcome !== "open" && !evidence.underWay.has(send));
}
