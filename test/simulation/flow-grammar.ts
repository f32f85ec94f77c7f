/** The part of the Amazon States Language that the flow's definition may use. What is not here is refused, never ignored. */
import * as z from "zod/mini";

const comment = z.optional(z.string());
const seconds = z.number().check(z.nonnegative());
const stateName = z.string().check(z.minLength(1));

/** A reference path: `$`, or members by name. */
const Path = z.string().check(z.regex(/^\$(\.[A-Za-z_]\w*)*$/, "must be a path such as $.funds.enough"));

/** Of the names that Step Functions reserves, the two that the interpreter knows. */
const ErrorNames = z
  .array(z.string().check(z.regex(/^(States\.(ALL|Timeout)|(?!States\.).+)$/, "is a reserved name that is not known")))
  .check(z.minLength(1));

const Retrier = z.strictObject({
  Comment: comment,
  ErrorEquals: ErrorNames,
  IntervalSeconds: z._default(seconds, 1),
  BackoffRate: z._default(z.number().check(z.minimum(1)), 2),
  MaxAttempts: z._default(z.int().check(z.minimum(0)), 3),
  JitterStrategy: z._default(z.enum(["FULL", "NONE"]), "NONE"),
});

const Catcher = z.strictObject({
  Comment: comment,
  ErrorEquals: ErrorNames,
  ResultPath: z._default(Path, "$"),
  Next: stateName,
});

/** `End: true` or `Next`, which the machine checks. */
const onward = { Comment: comment, Next: z.optional(stateName), End: z.optional(z.literal(true)) };

const rule = { Comment: comment, Variable: Path, Next: stateName };
const Rule = z.union([
  z.strictObject({ ...rule, IsPresent: z.boolean() }),
  z.strictObject({ ...rule, BooleanEquals: z.boolean() }),
  z.strictObject({ ...rule, StringEquals: z.string() }),
]);
export type Rule = z.infer<typeof Rule>;

const Task = z.strictObject({
  ...onward,
  Type: z.literal("Task"),
  Resource: stateName,
  TimeoutSeconds: z.optional(seconds),
  ResultPath: z._default(Path, "$"),
  Retry: z._default(z.array(Retrier), []),
  Catch: z._default(z.array(Catcher), []),
});
export type Task = z.infer<typeof Task>;

const Choice = z.strictObject({
  Comment: comment,
  Type: z.literal("Choice"),
  Choices: z.array(Rule).check(z.minLength(1)),
  Default: z.optional(stateName),
});

const State = z.discriminatedUnion("Type", [
  Task,
  Choice,
  z.strictObject({ ...onward, Type: z.literal("Pass"), Result: z.unknown(), ResultPath: z._default(Path, "$") }),
  z.strictObject({
    ...onward,
    Type: z.literal("Wait"),
    Seconds: z.optional(seconds),
    SecondsPath: z.optional(Path),
  }),
  z.strictObject({ Comment: comment, Type: z.literal("Succeed") }),
  z.strictObject({
    Comment: comment,
    Type: z.literal("Fail"),
    Error: z.optional(z.string()),
    Cause: z.optional(z.string()),
  }),
]);
export type State = z.infer<typeof State>;

const Machine = z.strictObject({
  Comment: comment,
  StartAt: stateName,
  TimeoutSeconds: z.optional(seconds),
  States: z.record(z.string(), State),
});
export type Machine = z.infer<typeof Machine>;

/** @throws Error naming what the interpreter does not know, or a state that is not there */
export function readMachine(text: string): Machine {
  // Frozen: what a Pass state puts into one execution's data must not change for the next.
  const { data, error } = Machine.safeParse(JSON.parse(text, (_key, value: unknown) => Object.freeze(value)));
  if (!data) throw new Error(`the flow's definition is beyond its interpreter:\n${z.prettifyError(error)}`);
  const named = [data.StartAt, ...Object.values(data.States).flatMap(namedBy)];
  const missing = named.find((name) => !Object.hasOwn(data.States, name));
  if (missing !== undefined) throw new Error(`the flow goes on to ${missing}, which is no state`);
  for (const [name, state] of Object.entries(data.States)) {
    const hasNoNext = state.Type === "Choice" || state.Type === "Succeed" || state.Type === "Fail";
    if (!hasNoNext && (state.Next === undefined) === (state.End === undefined)) {
      throw new Error(`${name} needs either Next or End`);
    }
  }
  return data;
}

/** The states to which a state may go on. */
function namedBy(state: State): string[] {
  switch (state.Type) {
    case "Choice":
      return [...state.Choices.map(({ Next }) => Next), ...(state.Default === undefined ? [] : [state.Default])];
    case "Task":
      return [...onwardFrom(state), ...state.Catch.map(({ Next }) => Next)];
    case "Pass":
    case "Wait":
      return onwardFrom(state);
    case "Succeed":
    case "Fail":
      return [];
  }
}

function onwardFrom({ Next }: { readonly Next?: string | undefined }): string[] {
  return Next === undefined ? [] : [Next];
}
