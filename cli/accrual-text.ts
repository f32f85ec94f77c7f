/** An accrual, which a cashback by schedule is answered with: what it says to people, and the exit code that it stands for. */
import type { AccrualStatus } from "../lib/domain/accrual.ts";
import type { Status } from "../lib/domain/transaction.ts";
import { exitCodes } from "./exit-codes.ts";

/** A cashback that is recorded, and paid by a run of its connection's schedule. */
export interface ShownAccrual {
  readonly id: `acc_${string}`;
  readonly status: AccrualStatus;
  /** What pays it together with others; or was to, and failed. */
  readonly transaction?: { readonly id: string; readonly status: Status };
}

/** It is recorded, which is all that was asked for; one that was taken back is never paid. A newer service's status is open. */
export function accrualExit({ status }: Pick<ShownAccrual, "status">): number {
  return exitOf[status] ?? exitCodes.open;
}

const exitOf: Readonly<Record<AccrualStatus, number>> = {
  waiting: exitCodes.done,
  paying: exitCodes.done,
  paid: exitCodes.done,
  canceled: exitCodes.failed,
};

export function accrualText({ id, status, transaction }: ShownAccrual): string {
  switch (status) {
    case "waiting":
      return `${id} is recorded; its schedule pays it.`;
    case "paying":
      return transaction
        ? `${id} is being paid by ${transaction.id}, which is ${transaction.status}.`
        : `${id} is about to be paid by a run of its schedule.`;
    case "paid":
      return `${id} is paid${transaction ? ` by ${transaction.id}` : ""}.`;
    case "canceled":
      return `${id} was canceled: nothing pays it, and its key stands for it for good.`;
    default:
      return `${id} is ${status satisfies never}.`;
  }
}
