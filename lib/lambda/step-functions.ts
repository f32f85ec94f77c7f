/** Starts the flow on Step Functions. */
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { FlowStarter } from "../flow/starter.ts";
import { variable } from "./environment.ts";
import { currentMeter } from "./meter.ts";

export function stepFunctionsFlow(): FlowStarter {
  const client = new SFNClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  });
  const stateMachineArn = variable("FLOW_ARN");
  return {
    async start(input) {
      const spent = currentMeter()?.startFlow(input.startInSeconds === undefined ? 2 : 3);
      // An Express execution's name need not be unique; it is there to be found in the logs.
      await client.send(
        new StartExecutionCommand({
          stateMachineArn,
          name: `${input.transactionId}-${Date.now()}`,
          input: JSON.stringify({ ...input, ...(spent && { spent }) }),
        }),
      );
    },
  };
}
