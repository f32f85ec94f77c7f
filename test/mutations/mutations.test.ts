/** Each guard is where the list says; and without it, what should notice does. */
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { isThorough } from "../thoroughness.ts";
import { applied } from "./mutation.ts";
import { mutations } from "./mutations.ts";
import { verdictsOn } from "./verdicts.ts";

const root = new URL("../../", import.meta.url);

describe("the mutation", () => {
  test.each(mutations)('"$name" changes its file', async (mutation) => {
    const source = await readFile(new URL(mutation.file, root), "utf8");
    expect(applied(mutation, source)).not.toBe(source);
  });
});

test("each guard that is taken out is noticed by what should notice", { timeout: 300_000 }, async () => {
  const all = await verdictsOn(isThorough ? mutations : mutations.filter((_, place) => place % 8 === 0));
  expect(all.filter(({ isCaught }) => !isCaught).map(({ mutation, by }) => `${mutation.name}: ${by}`)).toEqual([]);
  expect(mutations.length).toBeGreaterThanOrEqual(12);
});
