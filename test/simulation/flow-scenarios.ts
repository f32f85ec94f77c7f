/** What may happen to an execution of the deployed flow, as scripts of what each function replies. */

export const spendback = { transactionId: "txn_1", connection: "c", kind: "spendback" };

/** A reply that is an error of this name. */
export class Failure {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
export const failing = (name: string) => new Failure(name);

/** What each function answers, one reply after the other; the last one for good. */
type Script = Readonly<Record<string, readonly unknown[]>>;

export const over = { outcome: "settled", over: true };
export const open = { outcome: "unknown", over: false, lookups: 1, waitSeconds: 0 };
const well: Script = {
  authenticate: [{ renewals: 0 }],
  "check-funds": [{ enough: true }],
  "submit-spendback": [over],
  "submit-refund": [over],
  "submit-cashback": [over],
  "look-up": [over],
  "fail-transaction": [{ outcome: "declined", over: true }],
};

/** What happens in an execution: the functions' replies where not all goes well, and the input. */
export interface Scenario {
  readonly name: string;
  readonly replies: Script;
  readonly given?: object;
}

/** Ways through the definition. */
export const courses: readonly Scenario[] = [
  { name: "all goes well", replies: {} },
  { name: "a late start", replies: {}, given: { ...spendback, startInSeconds: 0 } },
  { name: "a refund", replies: {}, given: { ...spendback, kind: "refund" } },
  { name: "a cashback", replies: {}, given: { ...spendback, kind: "cashback" } },
  { name: "a kind that nobody knows", replies: {}, given: { ...spendback, kind: "gift" } },
  { name: "funds do not suffice", replies: { "check-funds": [{ enough: false, code: "insufficient_funds" }] } },
  { name: "it begins with the lookup", replies: {}, given: { ...spendback, submission: open } },
  { name: "it is looked up until it is over", replies: { "submit-spendback": [open], "look-up": [open, open, over] } },
  {
    name: "a session is rejected before the money call",
    replies: { "check-funds": [failing("SessionRejectedError"), { enough: true }] },
  },
  {
    name: "a session is rejected by the money call",
    replies: { "submit-spendback": [failing("SessionRejectedError"), over] },
  },
  {
    name: "a session is rejected by the lookup",
    replies: { "submit-spendback": [open], "look-up": [failing("SessionRejectedError"), over] },
  },
  {
    name: "credentials are refused when something was sent",
    replies: {
      authenticate: [{}, failing("CredentialsRejectedError")],
      "submit-spendback": [open],
      "look-up": [failing("SessionRejectedError")],
    },
  },
  { name: "a function answers nothing", replies: { "submit-spendback": [null] } },
];

const errors = [
  "ProviderUnavailableError",
  "StoreUnavailableError",
  "Lambda.TooManyRequestsException",
  "NotSentError",
  "CredentialsRejectedError",
  "Lambda.Unknown",
  "States.Timeout",
];

/** What goes before each function, for it to be called at all. */
const before: Readonly<Record<string, Script>> = {
  authenticate: {},
  "check-funds": {},
  "submit-spendback": {},
  "look-up": { "submit-spendback": [open] },
  "fail-transaction": { "check-funds": [{ enough: false }] },
};

/** Each function fails with each error, twice and for ever. */
export const failures: readonly Scenario[] = Object.entries(before).flatMap(([called, first]) =>
  errors.flatMap((error) => [
    {
      name: `${called} fails twice with ${error}`,
      replies: { ...first, [called]: [failing(error), failing(error), ...(well[called] ?? [])] },
    },
    { name: `${called} fails always with ${error}`, replies: { ...first, [called]: [failing(error)] } },
  ]),
);

/** Replies by script, and notes each call with its input as it was then. */
export function scripted(replies: Script) {
  const script = { ...well, ...replies };
  const calls: (readonly [string, unknown])[] = [];
  return {
    calls,
    reply(name: string, given: unknown): unknown {
      const count = calls.filter(([called]) => called === name).length;
      calls.push([name, structuredClone(given)]);
      return script[name]?.[count] ?? script[name]?.at(-1);
    },
  };
}
