/** Which route a call takes, with API Gateway's precedence: a literal segment before a variable one. */
import type { Route } from "../functions/routes.ts";

export interface RouteMatch {
  readonly route: Route;
  /** Decoded values of the path's variables; undefined where it has none. */
  readonly pathParameters?: Record<string, string>;
}

/** Undefined where no route takes the call. Throws a URIError where a variable's value is not percent-encoded properly. */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  // A GET route answers HEAD too; the body is left out on the way back.
  const wanted = method === "HEAD" ? "GET" : method;
  const segments = path.split("/");
  let best: Route | undefined;
  for (const route of routes) {
    if (route.method !== wanted || !fits(route.path.split("/"), segments)) continue;
    if (best === undefined || precedes(route.path.split("/"), best.path.split("/"))) best = route;
  }
  return best && { route: best, ...parametersOf(best.path.split("/"), segments) };
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  return (
    template.length === segments.length &&
    template.every((part, index) => (variableOf(part) ? segments[index] !== "" : part === segments[index]))
  );
}

/** Whether the first of two templates that fit the same path is literal where they first differ in kind. */
function precedes(one: readonly string[], other: readonly string[]): boolean {
  for (const [index, part] of one.entries()) {
    const isVariable = variableOf(part) !== undefined;
    if (isVariable !== (variableOf(other[index] ?? "") !== undefined)) return !isVariable;
  }
  return false;
}

function parametersOf(template: readonly string[], segments: readonly string[]): Pick<RouteMatch, "pathParameters"> {
  const found = template.flatMap((part, index) => {
    const name = variableOf(part);
    return name === undefined ? [] : [[name, decodeURIComponent(segments[index] ?? "")] as const];
  });
  return found.length === 0 ? {} : { pathParameters: Object.fromEntries(found) };
}

function variableOf(part: string): string | undefined {
  return /^\{([^}+]+)\}$/.exec(part)?.[1];
}
