/** The handler of the three money-moving tasks: which kind it is stands in the flow's input. */
import { callingConnections } from "./connection-book.ts";
import { clock, nameStore, newAttemptId, originalStore, sessionStore, transactionStore } from "./dependencies.ts";
import { httpWhenCalled, loadHttpClient } from "./http-when-called.ts";
import { submit } from "./submit.ts";
import { taskHandler } from "./task.ts";

export function submitHandler() {
  // MoveTheMoney, IsItOver.
  return taskHandler({ run: submit, statesAround: 2 }, () => {
    loadHttpClient();
    return {
      connections: callingConnections(httpWhenCalled),
      sessions: sessionStore(),
      transactions: transactionStore(),
      originals: originalStore(),
      names: nameStore(),
      now: clock.now,
      newId: newAttemptId,
    };
  });
}
