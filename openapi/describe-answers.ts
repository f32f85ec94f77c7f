/** What a call may be answered with: what its description promises, and the problems that it may meet. */
import type { Route } from "../functions/routes.ts";
import { type ProblemCode, problems } from "../lib/domain/errors.ts";
import { type EndpointFacts, inputSourceOf } from "../lib/lambda/endpoint.ts";
import { ShownProblem } from "../lib/lambda/shown-problem.ts";
import type { Json } from "./field-texts.ts";
import { type ResponseHeader, responseHeaders } from "./headers.ts";
import type { DescribedAnswer, Operation } from "./operation.ts";
import { problemTexts } from "./problem-texts.ts";
import { referenceTo } from "./schemas.ts";

export interface Answered {
  readonly route: Route;
  readonly endpoint: EndpointFacts;
  readonly words: Operation;
  /** Whether anything can be wrong with the input. */
  readonly isChecked: boolean;
}

/** By status, in ascending order. */
export function describeAnswers(answered: Answered): Json {
  const good = Object.entries(answered.words.answers).map(([status, answer]) => [status, goodAnswer(answer)] as const);
  const bad = Map.groupBy(problemsOf(answered), (code) => String(problems[code].status));
  return Object.fromEntries(
    [...good, ...[...bad].map(([status, codes]) => [status, problemReference(codes)] as const)].sort(
      ([one], [other]) => (one < other ? -1 : 1),
    ),
  );
}

/** The problems that a call of its sort may meet, and those of its own. */
function problemsOf({ route, endpoint, words, isChecked }: Answered): readonly ProblemCode[] {
  const hasBody = inputSourceOf(endpoint, route.method) !== "parameters";
  const met: ProblemCode[] = [
    ...(isChecked || endpoint.mutates ? (["validation_failed"] as const) : []),
    ...(endpoint.mutates ? (["idempotency_key_missing"] as const) : []),
    ...(endpoint.scope ? (["unauthorized", "forbidden"] as const) : []),
    ...(hasBody ? (["payload_too_large"] as const) : []),
    ...(words.problems ?? []),
    "internal",
  ];
  return (Object.keys(problems) as ProblemCode[]).filter((code) => met.includes(code));
}

function goodAnswer({ text, shows, as, example, examples, headers = [] }: DescribedAnswer): Json {
  const named = Object.entries(examples ?? {}).map(([summary, value], place) => [
    `example${place + 1}`,
    { summary, value },
  ]);
  const media = {
    ...(shows && { schema: referenceTo(shows) }),
    ...(example !== undefined && { example }),
    ...(examples && { examples: Object.fromEntries(named) }),
  };
  const unshown = as === "text/html" ? { schema: { type: "string" } } : { schema: { type: "object" } };
  return {
    description: text,
    headers: headersOf(["requestId", ...headers]),
    ...((shows || as) && { content: { [as ?? "application/json"]: shows ? media : unshown } }),
  };
}

const headerOf: Partial<Record<ProblemCode, ResponseHeader>> = {
  unauthorized: "authenticate",
  rate_limited: "retryAfter",
  provider_unavailable: "retryAfter",
};

/** By code: the answer with this problem alone. */
export function problemAnswers(): Json {
  return Object.fromEntries((Object.keys(problems) as ProblemCode[]).map((code) => [code, problemAnswer([code])]));
}

/** Most statuses have one code, so that most answers are described once for all operations. */
function problemReference(codes: readonly ProblemCode[]): Json {
  const [code] = codes;
  return codes.length === 1 ? { $ref: `#/components/responses/${code}` } : problemAnswer(codes);
}

function problemAnswer(codes: readonly ProblemCode[]): Json {
  const headers = codes.flatMap((code) => headerOf[code] ?? []);
  return {
    description: codes.map((code) => `\`${code}\`: ${problemTexts[code].when}`).join("\n\n"),
    headers: headersOf(["requestId", ...headers]),
    content: {
      "application/problem+json": {
        schema: { allOf: [referenceTo(ShownProblem), { properties: { code: { enum: codes } } }] },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

function headersOf(names: readonly ResponseHeader[]): Json {
  return Object.fromEntries(
    names.map((name) => [responseHeaders[name].name, { $ref: `#/components/headers/${name}` }]),
  );
}
