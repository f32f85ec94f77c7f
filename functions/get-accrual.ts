/** `GET /v1/accruals/{id}`: one accrual, and how the transaction stands that pays it. */
import * as z from "zod/mini";
import { accrualStore } from "../lib/lambda/accrual-stores.ts";
import { ownAccrual, showAccruals } from "../lib/lambda/accruals.ts";
import { transactionStore } from "../lib/lambda/dependencies.ts";
import { type Answer, type Call, endpointHandler } from "../lib/lambda/endpoint.ts";
import type { AccrualStore } from "../lib/store/accruals.ts";
import type { TransactionStore } from "../lib/store/port.ts";

export const GetAccrual = z.strictObject({ id: z.string() });
export type GetAccrual = z.infer<typeof GetAccrual>;

export interface Dependencies {
  readonly accruals: Pick<AccrualStore, "get">;
  readonly transactions: Pick<TransactionStore, "get">;
}

export async function run({ id }: GetAccrual, dependencies: Dependencies, { tenant }: Call): Promise<Answer> {
  const accrual = await ownAccrual(tenant, id, dependencies);
  const [body] = await showAccruals([accrual], dependencies, "consistent");
  return { status: 200, body, accrualId: id };
}

export const handler = endpointHandler(
  { scope: "transactions:read", input: GetAccrual, run },
  (): Dependencies => ({ accruals: accrualStore(), transactions: transactionStore() }),
);
