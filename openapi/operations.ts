/** Every operation's words, by the function that carries it out. What the handler and the route say is not repeated here. */
import type { Operation } from "./operation.ts";
import { accrualOperations } from "./operations/accruals.ts";
import { batchOperations } from "./operations/batches.ts";
import { connectionOperations } from "./operations/connections.ts";
import { moneyBackOperations } from "./operations/money-back.ts";
import { serviceOperations } from "./operations/service.ts";
import { transactionOperations } from "./operations/transactions.ts";
import { webhookDeliveryOperations } from "./operations/webhook-deliveries.ts";
import { webhookEndpointOperations } from "./operations/webhook-endpoints.ts";

export const operations: Readonly<Record<string, Operation>> = {
  ...moneyBackOperations,
  ...transactionOperations,
  ...batchOperations,
  ...accrualOperations,
  ...connectionOperations,
  ...webhookEndpointOperations,
  ...webhookDeliveryOperations,
  ...serviceOperations,
};
