/** Facts about a transition's UpdateItem expression that no emulator would refuse. */
import { expect, test } from "vitest";
import { updateOf } from "../../lib/store/dynamodb-update.ts";
import { tables } from "../../lib/store/tables.ts";
import { fc } from "../property.ts";
import { sample } from "./sample.ts";
import { step } from "./transition-model.ts";

/** What an update expression says after SET, REMOVE and ADD, in this order. */
function clausesOf(expression: string): { set: string; remove: string; add: string } {
  const [before = "", add = ""] = expression.replace(/^SET /, "").split(" ADD ");
  const [set = "", remove = ""] = before.split(" REMOVE ");
  return { set, remove, add };
}

/** The attributes that an update expression changes, by their own names. */
function changed({ UpdateExpression = "", ExpressionAttributeNames = {} }: ReturnType<typeof updateOf>): string[] {
  const { set, remove, add } = clausesOf(UpdateExpression);
  // A comma may stand within list_append(…) and if_not_exists(…): only what precedes a lone equals sign is set.
  const targets = [...set.matchAll(/(?:^|, )(#[\w.#[\]]+) = /g)].map(([, target = ""]) => target);
  return [...targets, ...[remove, add].flatMap((names) => names.split(", ")).filter(Boolean)].map((target) => {
    const first = /^#\w+/.exec(target)?.[0] ?? "";
    return ExpressionAttributeNames[first] ?? `unnamed ${target}`;
  });
}

test("the reader of expressions finds what is set and what is removed", () => {
  expect(
    changed({
      UpdateExpression:
        "SET #id = :v0, #log = list_append(#log, :v1), #log[2].#count = :v2 REMOVE #attempt, #dueShard ADD #spent_w :v3",
      ConditionExpression: "#status = :v3",
      ExpressionAttributeNames: {
        "#id": "id",
        "#log": "log",
        "#count": "count",
        "#attempt": "attempt",
        "#dueShard": "dueShard",
        "#spent_w": "$w",
      },
      ExpressionAttributeValues: {},
    }),
  ).toEqual(["id", "log", "log", "attempt", "dueShard", "$w"]);
});

test("no transition changes the table's key, nor what an index is sorted or filtered by", () => {
  const { byTenant } = tables.Transactions.indexes;
  const forbidden = [tables.Transactions.partitionKey, byTenant.partitionKey, byTenant.sortKey, ...byTenant.include];
  const seen = new Set<string>();
  fc.assert(
    fc.property(step, fc.boolean(), ({ transitionOf }, repeated) => {
      const begun = sample("acme");
      // A log whose last line may say the same already, so that it is counted there.
      const detail = transitionOf(begun).entry.detail ?? "";
      const read = repeated ? { ...begun, log: [{ ...begun.log[0], by: "flow", detail } as never] } : begun;
      const attributes = changed(updateOf(transitionOf(read)));
      for (const attribute of attributes) seen.add(attribute);
      expect(attributes.length).toBeGreaterThan(0);
      expect(attributes.filter((attribute) => forbidden.includes(attribute as never))).toEqual([]);
    }),
    { numRuns: 300 },
  );
  const everyMember = ["attempt", "attempts", "dueShard", "failure", "log", "nextActionAt", "status"];
  expect([...seen]).toEqual(expect.arrayContaining(everyMember));
});

test("what is no longer due leaves the due index with both of its keys", () => {
  const { partitionKey, sortKey } = tables.Transactions.indexes.due;
  fc.assert(
    fc.property(step, ({ transitionOf }) => {
      const transition = transitionOf(sample("acme"));
      const { UpdateExpression = "", ExpressionAttributeNames = {} } = updateOf(transition);
      const removed = clausesOf(UpdateExpression)
        .remove.split(", ")
        .map((name) => ExpressionAttributeNames[name]);
      expect(removed.includes(partitionKey)).toBe(transition.remove.includes("nextActionAt"));
      expect(removed.includes(sortKey)).toBe(transition.remove.includes("nextActionAt"));
    }),
  );
});
