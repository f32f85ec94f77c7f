/** The account, region and ARNs of the local run: shaped as AWS shapes them, with an account that cannot exist. */

export const region = "us-east-1";
export const accountId = "000000000000";

/** The name of the one event bus. */
export const busName = "moneyback";

/** The name of the one secret. */
export const connectionsSecret = "moneyback/connections";

const stateMachineName = "moneyback-local-flow";

export const flowArn = `arn:aws:states:${region}:${accountId}:stateMachine:${stateMachineName}`;
export const busArn = `arn:aws:events:${region}:${accountId}:event-bus/${busName}`;

/** AWS ends a secret's ARN with six random characters; ours never change. */
export const connectionsSecretArn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${connectionsSecret}-LocaL1`;

const functionArnPrefix = `arn:aws:lambda:${region}:${accountId}:function:`;

export function functionArn(functionName: string): string {
  return functionArnPrefix + functionName;
}

/** The function that a Task state's `Resource` names. */
export function functionNameOf(arn: string): string {
  if (!arn.startsWith(functionArnPrefix)) throw new Error(`Not the ARN of a local function: ${arn}`);
  return arn.slice(functionArnPrefix.length);
}

export function expressExecutionArn(name: string, id: string): string {
  return `arn:aws:states:${region}:${accountId}:express:${stateMachineName}:${name}:${id}`;
}

export function scheduleArn(name: string): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/default/${name}`;
}
