/** Accruals and what pays them, in memory and in DynamoDB. */
import { describe } from "vitest";
import {
  memoryAccruals,
  memoryCashbackRuns,
  memoryCashbackSchedules,
  memoryPayouts,
} from "../../lib/store/memory-accruals.ts";
import { accrualsContract } from "./accruals-contract.ts";
import { onEmulator } from "./emulator.ts";
import { accrualsInDynamoDb } from "./in-dynamodb.ts";
import { payoutsContract, runsContract, schedulesContract } from "./payouts-contract.ts";

describe("in memory", () => {
  const [accruals, payouts] = [memoryAccruals(), memoryPayouts()];
  const [schedules, cashbackRuns] = [memoryCashbackSchedules(), memoryCashbackRuns()];
  accrualsContract(() => accruals);
  payoutsContract(() => payouts);
  schedulesContract(() => schedules);
  runsContract(() => cashbackRuns);
});

await onEmulator("dynoxide", accrualsInDynamoDb);
