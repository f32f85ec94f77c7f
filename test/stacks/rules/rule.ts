/** What must hold of a graph: a rule names what is wrong, one line each, and nothing where all is well. */
import type { Graph, Resource } from "../graph.ts";

export type Rule = (graph: Graph) => string[];

/** A complaint for each resource of which something does not hold. */
export function unless(resources: readonly Resource[], holds: (resource: Resource) => boolean): string[] {
  return resources.filter((resource) => !holds(resource)).map(({ name }) => name);
}

/** What one list has and the other has not, either way. */
export function differences(found: Iterable<string>, wanted: Iterable<string>): string[] {
  const [there, due] = [new Set(found), new Set(wanted)];
  return [
    ...[...due].filter((one) => !there.has(one)).map((one) => `missing: ${one}`),
    ...[...there].filter((one) => !due.has(one)).map((one) => `not known: ${one}`),
  ];
}
