/** Those who order cashbacks that a schedule pays, take them back, and say when they are paid. */
import { CancelAccrual, run as cancelAccrual } from "../../functions/cancel-accrual.ts";
import { GetAccrual, run as getAccrual } from "../../functions/get-accrual.ts";
import { PutCashbackSchedule, run as putCashbackSchedule } from "../../functions/put-cashback-schedule.ts";
import { CreateCashback, createCashback } from "../../lib/lambda/create-cashback.ts";
import { isMoved } from "./accrual-invariants.ts";
import type { AccrualAction, AccrualPlan, SchedulePlan } from "./accrual-workload.ts";
import type { EventSenders } from "./event-senders.ts";
import type { Evidence } from "./evidence.ts";
import { type Caller, checked, type Gateway } from "./gateway.ts";
import type { Insist } from "./insist.ts";
import type { Actor } from "./scheduler.ts";

export interface AccrualCallers {
  act(actor: Actor, plan: AccrualPlan, kind: AccrualAction["kind"]): Promise<void>;
  put(actor: Actor, plan: SchedulePlan): Promise<void>;
}

export function openAccrualCallers({
  evidence,
  gateway,
  insist,
  senders,
}: {
  readonly evidence: Evidence;
  readonly gateway: Gateway;
  readonly insist: Insist;
  readonly senders: EventSenders;
}): AccrualCallers {
  const accepted = new Map<AccrualPlan, string>();

  const noteAnswer = (plan: AccrualPlan, id: string | undefined): void => {
    const known = accepted.get(plan);
    if (known !== undefined && known !== id) {
      evidence.violate("same-key-same-transaction", `${plan.name} is ${known} and ${id ?? "refused"}`);
    }
    if (id !== undefined) accepted.set(plan, id);
  };

  const look = async (actor: Actor, { name, tenant }: AccrualPlan, id: string): Promise<void> => {
    const heard = await insist(actor, () =>
      gateway.call(actor, "get-accrual", checked(GetAccrual, { id }, getAccrual), { tenant }),
    );
    if (heard.status !== 200) evidence.violate("accepted-is-there", `${name}: ${heard.status}`);
    const { doors } = evidence;
    const isPaid = doors.payoutsOf({ id }).some((payout) => isMoved(payout, evidence));
    if (heard.body?.status === "paid" && !isPaid) evidence.violate("accruals-are-paid-once", `${id} is not paid`);
    const isCanceled = doors.accruals.get(id)?.state === "canceled";
    if ((heard.body?.status === "canceled") !== isCanceled && heard.body?.status === "canceled") {
      evidence.violate("canceled-accruals-stay-canceled", `${id} is shown as canceled`);
    }
  };

  return {
    async act(actor, plan, kind) {
      const { name, tenant, key, body } = plan;
      const caller: Caller = { tenant, idempotencyKey: key };
      const id = accepted.get(plan);
      switch (kind) {
        case "accrue": {
          const run = checked(CreateCashback, body, createCashback);
          const heard = await insist(actor, () => gateway.call(actor, "create-cashback", run, caller));
          noteAnswer(plan, heard.body?.id);
          return;
        }
        case "accrue by event":
          senders.send({ id: `${name}-${key}`, kind: "cashback", detail: { ...body, tenant, key } }, (end) =>
            noteAnswer(plan, end.kind === "accepted" ? end.id : undefined),
          );
          return;
        case "take back": {
          if (id === undefined) return;
          const run = checked(CancelAccrual, { id }, cancelAccrual);
          const heard = await insist(actor, () => gateway.call(actor, "cancel-accrual", run, caller));
          const isCanceled = evidence.doors.accruals.get(id)?.state === "canceled";
          if (heard.status === 200 && !isCanceled) evidence.violate("canceled-accruals-stay-canceled", id);
          return;
        }
        case "look":
          if (id !== undefined) await look(actor, plan, id);
      }
    },

    async put(actor, { name, tenant, body }) {
      const run = checked(PutCashbackSchedule, body, putCashbackSchedule);
      const heard = await insist(actor, () => gateway.call(actor, "put-cashback-schedule", run, { tenant }));
      if (heard.status !== 200 && heard.status !== 201) evidence.violate("the-api-answers", `${name}: ${heard.status}`);
    },
  };
}
