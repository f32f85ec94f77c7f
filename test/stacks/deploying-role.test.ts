/** Facts about the deploying role's policies, as docs/deploy.md gives them to be copied. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Condition?: unknown;
}

/** What IAM takes as one managed policy, white space left out. */
const charactersMax = 6_144;

const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");
const section = page.slice(page.indexOf("## What the deploying role may do"));

/** With the longest account and a long region in their places. */
const policies = [...section.matchAll(/```json\n(.*?)```/gs)].map(([, text = ""]) => {
  const filled = text.replaceAll("ACCOUNT", "123456789012").replaceAll("REGION", "ap-southeast-2");
  return JSON.parse(filled) as { readonly Version: string; readonly Statement: readonly Statement[] };
});
const statements = policies.flatMap(({ Statement: theirs }) => theirs);

test("there are two, and IAM takes each", () => {
  const lengths = policies.map((policy) => JSON.stringify(policy).length);
  expect(lengths).toHaveLength(2);
  expect(lengths.filter((length) => length < 1_000 || length > charactersMax)).toEqual([]);
});

test("no statement stands twice, and each has its own name", () => {
  const names = statements.map(({ Sid }) => Sid);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name, place) => names.indexOf(name) !== place)).toEqual([]);
});

test("no action is given twice by two names", () => {
  const given = statements.flatMap(({ Action }) => (typeof Action === "string" ? [Action] : Action));
  expect(given.filter((action, place) => given.indexOf(action) !== place)).toEqual([]);
});

test("a custom domain may make API Gateway's own role, and no other", () => {
  expect(statements.filter(({ Action }) => Action.includes("iam:CreateServiceLinkedRole"))).toMatchObject([
    { Condition: { StringEquals: { "iam:AWSServiceName": "ops.apigateway.amazonaws.com" } } },
  ]);
});
