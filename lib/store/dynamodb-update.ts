/** A transition as one DynamoDB UpdateItem: its condition, its changes and its log entry in one write. */
import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { costNames } from "../domain/cost.ts";
import type { Expectation, Transition } from "../domain/transition.ts";
import { dueShardFor } from "./keys.ts";
import { costAttributes } from "./stored-transaction.ts";

type Expression = Required<
  Pick<
    UpdateItemCommandInput,
    "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames" | "ExpressionAttributeValues"
  >
>;

/** The expressions of a transition. Key attributes of the table are never set; those of its indexes follow `nextActionAt`. */
export function updateOf(transition: Transition): Expression {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const name = (attribute: string): string => {
    const placeholder = `#${attribute.replace("$", "spent_")}`;
    names[placeholder] = attribute;
    return placeholder;
  };
  const value = (content: unknown): string => {
    const placeholder = `:v${Object.keys(values).length}`;
    values[placeholder] = content;
    return placeholder;
  };

  const meets = ({ logLength, unpriced, ...members }: Expectation): string =>
    [
      ...Object.entries(members).map(([attribute, content]) => `${name(attribute)} = ${value(content)}`),
      ...(logLength === undefined ? [] : [`size(${name("log")}) = ${value(logLength)}`]),
      ...(unpriced === undefined ? [] : [`attribute_not_exists(${name("amount")})`]),
    ].join(" AND ");

  const changes = Object.entries(transition.set).map(
    ([attribute, content]) => `${name(attribute)} = ${value(content)}`,
  );
  if (transition.attempts) changes.push(`${name("attempts")} = ${name("attempts")} + ${value(1)}`);
  if (transition.dueFor) changes.push(`${name("dueShard")} = ${value(dueShardFor(transition.dueFor))}`);
  changes.push(...logChanges(transition, name, value));

  const removed = transition.remove.flatMap((attribute) =>
    attribute === "nextActionAt" ? [name("nextActionAt"), name("dueShard")] : [name(attribute)],
  );

  const { spent } = transition;
  const added = spent ? costNames.filter((cost) => spent[cost] !== 0) : [];
  const additions = added.map((cost) => `${name(costAttributes[cost])} ${value(spent?.[cost])}`);
  const clauses = { SET: changes, REMOVE: removed, ADD: additions };

  return {
    ConditionExpression: transition.expect.map((expectation) => `(${meets(expectation)})`).join(" OR "),
    UpdateExpression: Object.entries(clauses)
      .filter(([, parts]) => parts.length > 0)
      .map(([clause, parts]) => `${clause} ${parts.join(", ")}`)
      .join(" "),
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true, convertClassInstanceToMap: true }),
  };
}

function logChanges(
  { entry, fold }: Transition,
  name: (attribute: string) => string,
  value: (content: unknown) => string,
): string[] {
  if (fold === undefined) return [`${name("log")} = list_append(${name("log")}, ${value([entry])})`];
  const line = `${name("log")}[${fold}]`;
  return [
    `${line}.${name("count")} = if_not_exists(${line}.${name("count")}, ${value(1)}) + ${value(1)}`,
    `${line}.${name("lastAt")} = ${value(entry.at)}`,
  ];
}
