/** The stores of accruals and what pays them, built from the environment. Apart from the others, which functions have that seldom ask these. */
import { dynamoAccrualLists } from "../store/dynamodb-accrual-lists.ts";
import { dynamoAccruals } from "../store/dynamodb-accruals.ts";
import { dynamoCashbackRuns } from "../store/dynamodb-cashback-runs.ts";
import { dynamoCashbackSchedules } from "../store/dynamodb-cashback-schedules.ts";
import { dynamoPayouts } from "../store/dynamodb-payouts.ts";
import { dynamo, tableNameOf } from "./dependencies.ts";

export const accrualStore = () => dynamoAccruals(dynamo(), tableNameOf("Accruals"));
export const accrualLists = () => dynamoAccrualLists(dynamo(), tableNameOf("Accruals"));
export const payoutStore = () => dynamoPayouts(dynamo(), tableNameOf("Accruals"));
export const cashbackScheduleStore = () => dynamoCashbackSchedules(dynamo(), tableNameOf("Accruals"));
export const cashbackRunStore = () => dynamoCashbackRuns(dynamo(), tableNameOf("Accruals"));
