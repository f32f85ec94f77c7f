/** Step Functions on the local AWS endpoint. Only what an Express state machine has on AWS too: an execution is started, and not asked about. */
import { flowArn } from "./arns.ts";
import { AwsError, type AwsOperations, optionalText, requiredText } from "./aws-operations.ts";
import type { FlowRunner } from "./flow-runner.ts";

export function stepFunctionsOperations(flow: Pick<FlowRunner, "start">): AwsOperations {
  return {
    "AWSStepFunctions.StartExecution": (input) => {
      const stateMachineArn = requiredText(input, "stateMachineArn");
      if (stateMachineArn !== flowArn) {
        const message = `State Machine Does Not Exist: '${stateMachineArn}'. There is one: '${flowArn}'.`;
        throw new AwsError("StateMachineDoesNotExist", message);
      }
      const { executionArn, startDate } = started(flow, {
        name: optionalText(input, "name"),
        input: optionalText(input, "input"),
      });
      return { executionArn, startDate: startDate.getTime() / 1000 };
    },
  };
}

/** The errors of a refused start carry Step Functions' own names. */
function started(flow: Pick<FlowRunner, "start">, request: Parameters<FlowRunner["start"]>[0]) {
  try {
    return flow.start(request);
  } catch (error) {
    throw error instanceof Error ? new AwsError(error.name, error.message) : error;
  }
}
