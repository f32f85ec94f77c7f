/** The contract of each store besides the flow's own, as DynamoDB keeps it. */
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { beginMonth } from "../../lib/domain/usage.ts";
import { dynamoAccrualLists } from "../../lib/store/dynamodb-accrual-lists.ts";
import { dynamoAccruals } from "../../lib/store/dynamodb-accruals.ts";
import { dynamoBatches } from "../../lib/store/dynamodb-batches.ts";
import { dynamoCashbackRuns } from "../../lib/store/dynamodb-cashback-runs.ts";
import { dynamoCashbackSchedules } from "../../lib/store/dynamodb-cashback-schedules.ts";
import { dynamoChunks } from "../../lib/store/dynamodb-chunks.ts";
import { dynamoConnectionStates } from "../../lib/store/dynamodb-connection-states.ts";
import { dynamoNames } from "../../lib/store/dynamodb-names.ts";
import { dynamoOriginals } from "../../lib/store/dynamodb-originals.ts";
import { dynamoPayouts } from "../../lib/store/dynamodb-payouts.ts";
import { dynamoUsage } from "../../lib/store/dynamodb-usage.ts";
import { dynamoWebhookDeliveries } from "../../lib/store/dynamodb-webhook-deliveries.ts";
import { dynamoWebhookEndpoints } from "../../lib/store/dynamodb-webhook-endpoints.ts";
import { physicalName } from "../../local/create-tables.ts";
import { accrualsContract } from "./accruals-contract.ts";
import { batchesContract, chunksContract } from "./batches-contract.ts";
import { breakerContract, slotContract } from "./connection-states-contract.ts";
import { namesContract, originalsContract } from "./originals-contract.ts";
import { payoutsContract, runsContract, schedulesContract } from "./payouts-contract.ts";
import { usageContract } from "./usage-contract.ts";
import { deliveriesContract, endpointsContract } from "./webhooks-contract.ts";

type Client = () => DynamoDBClient;

export function originalsInDynamoDb(client: Client): void {
  originalsContract(() => dynamoOriginals(client(), physicalName("Originals")));
  namesContract(() => dynamoNames(client(), physicalName("Originals")));
}

export function accrualsInDynamoDb(client: Client): void {
  const table = physicalName("Accruals");
  accrualsContract(() => ({ ...dynamoAccruals(client(), table), ...dynamoAccrualLists(client(), table) }));
  payoutsContract(() => dynamoPayouts(client(), table));
  schedulesContract(() => dynamoCashbackSchedules(client(), table));
  runsContract(() => dynamoCashbackRuns(client(), table));
}

export function batchesInDynamoDb(client: Client): void {
  batchesContract(() => dynamoBatches(client(), physicalName("Batches")));
  chunksContract(() => dynamoChunks(client(), physicalName("Batches")));
}

export function connectionStatesInDynamoDb(client: Client): void {
  const states = () => dynamoConnectionStates(client(), physicalName("Connections"));
  slotContract(states);
  breakerContract(states);
}

export function webhooksInDynamoDb(client: Client): void {
  endpointsContract(() => dynamoWebhookEndpoints(client(), physicalName("Webhooks")));
  deliveriesContract(() => dynamoWebhookDeliveries(client(), physicalName("Webhooks")));
}

export function usageInDynamoDb(client: Client): void {
  const usage = () => dynamoUsage(client(), physicalName("Usage"));
  usageContract(usage);

  test("a record from before there was a count, a kind or a status has none of it", async () => {
    const { figures, ...record } = beginMonth("old", "2026-11");
    const { flowMs: _flowMs, ...cost } = figures.cost;
    const { needs_review: _review, ...byStatus } = figures.byStatus;
    const old = { ...record, figures: { ...figures, transactions: { spendback: 1 }, byStatus, cost }, revision: 1 };
    const Item = marshall({ id: "2026-11#old", ...old });
    await client().send(new PutItemCommand({ TableName: physicalName("Usage"), Item }));
    const transactions = { spendback: 1, refund: 0, cashback: 0 };
    expect(await usage().get("old", "2026-11")).toEqual({
      ...record,
      figures: { ...figures, transactions },
      revision: 1,
    });
  });
}
