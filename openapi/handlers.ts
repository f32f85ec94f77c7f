/** Loads the handlers of all routes, for what each asks of its callers: the schema of its input, its scope, whether it needs a key. */
import { type Route, routes } from "../functions/routes.ts";
import type { ApiHandler, EndpointFacts } from "../lib/lambda/endpoint.ts";

export interface RoutedEndpoint {
  readonly route: Route;
  readonly endpoint: EndpointFacts;
}

/** In the order of the table. Nothing is started: a handler makes its dependencies at its first call. */
export function routedEndpoints(): Promise<readonly RoutedEndpoint[]> {
  return Promise.all(
    routes.map(async (route) => {
      const { handler } = (await import(`../functions/${route.function}.ts`)) as { readonly handler: ApiHandler };
      return { route, endpoint: handler.endpoint };
    }),
  );
}
