/** A fact about the environment: each table is found under the variable that its definition names. */
import { expect, test } from "vitest";
import { tableVariable } from "../../lib/lambda/dependencies.ts";
import { type TableName, tables } from "../../lib/store/tables.ts";

test("a table's variable is the one that its definition names", () => {
  const names = Object.keys(tables) as TableName[];
  expect(names.length).toBeGreaterThan(5);
  expect(names.map(tableVariable)).toEqual(names.map((name) => tables[name].environment));
});
