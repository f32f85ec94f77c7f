/** Who may do what, one line each, for a reviewer to read and a diff to show. */
import { all, functionsOf, type Graph, grantsOf, shortName, statementsOf } from "./graph.ts";

export function permissionMatrix(graph: Graph): string {
  const functions = [...functionsOf(graph)].flatMap(([name, lambda]) =>
    // To write its own log is everybody's right.
    grantsOf(graph, lambda)
      .filter((grant) => !grant.startsWith("logs:"))
      .map((grant) => `${name}  ${grant}`),
  );
  const lambdaRoles = new Set(all(graph, "lambda/function").map(({ properties }) => properties.role.split("/").at(-1)));
  const others = all(graph, "iam/role")
    .filter(({ properties }) => !lambdaRoles.has(properties.name))
    .flatMap((role) =>
      statementsOf(role).flatMap(({ actions, resources }) =>
        actions.flatMap((action) =>
          resources.map(
            (resource) => `(${role.name})  ${action} ${shortName(graph, resource.split(":").at(-1) ?? "")}`,
          ),
        ),
      ),
    );
  return `${[...functions.sort(), ...others.sort()].join("\n")}\n`;
}
