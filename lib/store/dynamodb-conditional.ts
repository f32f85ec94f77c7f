/** Conditional writes: whether the condition held, and if not, what stands there. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { whenAvailable } from "./dynamodb-client.ts";

/** Why a write was refused: the item as it stands, undefined where there is none. */
export interface Refused {
  readonly item: Record<string, unknown> | undefined;
}

const andTell = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

/** Undefined where the condition held. */
export function putIf(client: DynamoDBClient, input: PutItemCommandInput): Promise<Refused | undefined> {
  return refusalOf(client.send(new PutItemCommand({ ...input, ...andTell })));
}

/** Undefined where the condition held. */
export function updateIf(client: DynamoDBClient, input: UpdateItemCommandInput): Promise<Refused | undefined> {
  return refusalOf(client.send(new UpdateItemCommand({ ...input, ...andTell })));
}

/** Whether the condition held, for a write whose refusal need not say what stands there. */
export async function held(write: Promise<unknown>): Promise<boolean> {
  return (await refusalOf(write)) === undefined;
}

async function refusalOf(write: Promise<unknown>): Promise<Refused | undefined> {
  try {
    await whenAvailable(write);
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { item: error.Item && unmarshall(error.Item) };
  }
}
