/** Finds the route of a method and path. */

import type { Route } from "./provider.ts";

export type Found =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly route?: undefined; readonly reason: "path" | "method" };

export const findRoute = (
  routes: readonly Route[],
  request: { readonly method: string; readonly path: string; readonly ignoresCase: boolean },
): Found => {
  let reason: "path" | "method" = "path";
  for (const route of routes) {
    const params = matchPath(route.path, request.path, request.ignoresCase);
    if (!params) continue;
    if (route.method === request.method) return { route, params };
    reason = "method";
  }
  return { reason };
};

const matchPath = (pattern: string, path: string, ignoresCase: boolean): Record<string, string> | undefined => {
  const expected = pattern.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const segment = decode(given[index] ?? "");
    if (segment === undefined) return undefined;
    if (part.startsWith(":")) {
      if (segment === "") return undefined;
      params[part.slice(1)] = segment;
    } else if (ignoresCase ? segment.toLowerCase() !== part.toLowerCase() : segment !== part) return undefined;
  }
  return params;
};

const decode = (segment: string): string | undefined => {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};
