/** Every route's operation, in the order in which the operations are read. */
import { type DescribedOperation, describeOperation } from "./describe-operation.ts";
import type { Json } from "./field-texts.ts";
import type { RoutedEndpoint } from "./handlers.ts";
import type { Operation } from "./operation.ts";

interface Described extends DescribedOperation {
  readonly route: RoutedEndpoint["route"];
}

/**
 * The document's paths, and the schemas of the bodies that they refer to. `words`: by function.
 * @throws Error naming a route without a description, or a description without a route
 */
export function describePaths(
  endpoints: readonly RoutedEndpoint[],
  words: Readonly<Record<string, Operation>>,
): { readonly paths: Json; readonly schemas: Json } {
  const names = Object.keys(words);
  const idle = names.find((name) => !endpoints.some(({ route }) => route.function === name));
  if (idle !== undefined) throw new Error(`${idle} is described, but no route leads to it`);
  const described = endpoints.map(({ route, endpoint }): Described => {
    const said = words[route.function];
    if (!said) throw new Error(`${route.function} (${route.method} ${route.path}) has no words in openapi/operations/`);
    return { route, ...describeOperation(route, endpoint, said) };
  });
  const read = described.toSorted(
    (one, other) => names.indexOf(one.route.function) - names.indexOf(other.route.function),
  );
  const byPath = Map.groupBy(read, ({ route }) => route.path);
  return {
    paths: Object.fromEntries([...byPath].map(([path, all]) => [path, methodsOf(all)])),
    schemas: Object.assign({}, ...read.map(({ schemas }) => schemas)),
  };
}

function methodsOf(described: readonly Described[]): Json {
  return Object.fromEntries(described.map(({ route, operation }) => [route.method.toLowerCase(), operation]));
}
