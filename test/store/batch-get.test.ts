/** Facts about asking DynamoDB for many items where it leaves some out: they are asked for again, after a pause, and not for ever. */
import type { BatchGetItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, test } from "vitest";
import { itemsOf } from "../../lib/store/dynamodb-many.ts";

/** A table that gives at most so many items an answer, and tells how long it was left in peace before each. */
function tableThatGives(counts: readonly number[]) {
  const asked: number[] = [];
  const pauses: number[] = [];
  const send = async ({ input }: BatchGetItemCommand) => {
    const keys = input.RequestItems?.["table"]?.Keys ?? [];
    const given = counts[asked.length] ?? 0;
    asked.push(keys.length);
    return {
      Responses: { table: keys.slice(0, given) },
      ...(keys.length > given && { UnprocessedKeys: { table: { Keys: keys.slice(given) } } }),
    };
  };
  const client = { send } as unknown as DynamoDBClient;
  const sleep = async (ms: number) => void pauses.push(ms);
  const ids = ["a", "b", "c", "d"];
  return { asked, pauses, get: () => itemsOf(client, "table", ids, "eventual", sleep) };
}

test("what is left out is asked for again after a pause, a longer one where nothing came", async () => {
  const { get, asked, pauses } = tableThatGives([2, 0, 0, 1, 1]);
  expect([...(await get()).keys()]).toEqual(["a", "b", "c", "d"]);
  expect(asked).toEqual([4, 2, 2, 2, 1]);
  expect(pauses).toEqual([25, 50, 100, 25]);
});

test("nobody pauses where everything comes", async () => {
  const { get, pauses } = tableThatGives([4]);
  expect((await get()).size).toBe(4);
  expect(pauses).toEqual([]);
});

test("a table that gives nothing is not available, after a while", async () => {
  const { get, asked } = tableThatGives([]);
  await expect(get()).rejects.toMatchObject({ name: "StoreUnavailableError" });
  expect(asked).toHaveLength(6);
});
