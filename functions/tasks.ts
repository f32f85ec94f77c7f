/**
 * The flow's tasks: the name in `lib/flow/definition.asl.json` (as `${NameFunctionArn}`) and the function that does it.
 * Deployed and local state machines both fill their placeholders from this table.
 */
export const tasks = {
  Authenticate: "authenticate",
  CheckFunds: "check-funds",
  SubmitSpendback: "submit-spendback",
  SubmitRefund: "submit-refund",
  SubmitCashback: "submit-cashback",
  LookUp: "look-up",
  FailTransaction: "fail-transaction",
} as const satisfies Record<string, string>;

export type TaskName = keyof typeof tasks;
