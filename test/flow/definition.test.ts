/** The flow's definition: valid, complete, and retrying only what surely did nothing. */
import { readFile } from "node:fs/promises";
import validator from "asl-validator";
import { describe, expect, test } from "vitest";
import { tasks } from "../../functions/tasks.ts";
import { renderDefinition } from "../../lib/flow/render.ts";

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly Choices?: readonly { readonly Variable: string; readonly Next: string; readonly [test: string]: unknown }[];
  readonly Default?: string;
  readonly Next?: string;
  readonly SecondsPath?: string;
}

const text = await readFile(new URL("../../lib/flow/definition.asl.json", import.meta.url), "utf8");
const definition = JSON.parse(text) as {
  StartAt: string;
  TimeoutSeconds: number;
  States: Record<string, State>;
};
const taskStates = Object.entries(definition.States).filter(([, { Type }]) => Type === "Task");
const retriesOf = (name: string) => definition.States[name]?.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];

const arns = Object.fromEntries(
  Object.entries(tasks).map(([name, file]) => [name, `arn:aws:lambda:us-east-1:000000000000:function:${file}`]),
);

describe("the definition", () => {
  test("is valid, with and without its placeholders filled", () => {
    expect(validator(JSON.parse(text))).toMatchObject({ isValid: true });
    expect(validator(JSON.parse(renderDefinition(text, arns)))).toMatchObject({ isValid: true });
  });

  test("names exactly the tasks of the table", () => {
    const named = [...new Set(text.match(/\$\{[^}]+\}/g))].sort();
    expect(named).toEqual(
      Object.keys(tasks)
        .map((name) => `\${${name}FunctionArn}`)
        .sort(),
    );
  });

  test("never retries everything", () => {
    for (const [name] of taskStates) expect(retriesOf(name), name).not.toContain("States.ALL");
  });

  test("retries the money call only where nothing was sent", () => {
    for (const name of ["Spendback", "Refund", "Cashback"]) {
      expect(retriesOf(name), name).toEqual(["NotSentError", "Lambda.TooManyRequestsException"]);
    }
  });

  test("goes to the lookup, never back to the money call, when the money call dies", () => {
    const last = definition.States["Spendback"]?.Catch?.at(-1);
    expect(last).toMatchObject({ ErrorEquals: ["States.ALL"], Next: "InDoubt" });
    expect(definition.States["InDoubt"]).toMatchObject({ Next: "WaitToLookUp" });
    expect(definition.States["WaitToLookUp"]).toMatchObject({ Next: "LookUp" });
  });

  test("waits before it begins where follow-up spread the starts, and begins at once otherwise", () => {
    expect(definition.StartAt).toBe("WhenToStart");
    expect(definition.States["WhenToStart"]).toMatchObject({
      Type: "Choice",
      Choices: [{ Variable: "$.startInSeconds", IsPresent: true, Next: "WaitForItsTurn" }],
      Default: "Authenticate",
    });
    expect(definition.States["WaitForItsTurn"]).toMatchObject({
      Type: "Wait",
      SecondsPath: "$.startInSeconds",
      Next: "Authenticate",
    });
  });

  test("goes back to the money call only where a lookup allowed it, before it asks whether all is over", () => {
    expect(definition.States["IsItOver"]).toMatchObject({
      Choices: [
        { Variable: "$.submission.sendAgainAfter", IsPresent: true, Next: "MoveTheMoney" },
        { Variable: "$.submission.over", BooleanEquals: true, Next: "Done" },
      ],
      Default: "WaitToLookUp",
    });
    const waysBack = Object.entries(definition.States).flatMap(([name, { Choices = [], Next, Catch = [] }]) =>
      [...Choices, ...Catch, { Next }].filter((way) => way.Next === "MoveTheMoney").map(() => name),
    );
    expect(waysBack.sort()).toEqual(["Enough", "IsItOver", "WhereToGoOn"]);
  });

  test("comes back to the lookup after a session was renewed, wherever a submission was made", () => {
    expect(definition.States["WhereToGoOn"]?.Choices?.[0]).toMatchObject({
      Variable: "$.submission.outcome",
      IsPresent: true,
      Next: "LookUp",
    });
  });

  test("catches every error of every task, so that no execution ends without a word", () => {
    for (const [name, { Catch }] of taskStates) expect(Catch?.at(-1)?.ErrorEquals, name).toEqual(["States.ALL"]);
  });

  test("ends within an Express execution's five minutes", () => {
    expect(definition.TimeoutSeconds).toBeLessThan(300);
  });

  test("uses nothing that one of the two interpreters lacks", () => {
    expect(text).not.toMatch(/\$\$\.State|\$\$\.Task|CausePath|ErrorPath|JSONata|"Is(?:Present|Null)": false/);
  });

  test("cannot be rendered with a name too few or too many", () => {
    const { Authenticate: _left, ...few } = arns;
    expect(() => renderDefinition(text, few)).toThrow("AuthenticateFunctionArn");
    expect(() => renderDefinition(text, { ...arns, Stranger: "arn" })).toThrow("Stranger");
  });
});
