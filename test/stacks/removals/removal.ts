/** How something is taken out of a graph: each of these makes a step that changes the copy it is given, or gives back another. */
import { all, functionsOf, type Graph, type Resource, roleOf } from "../graph.ts";

export type Removal = (graph: Graph) => Graph | undefined;

/** By the rule that must notice, and by what is taken. */
export type Removals = Readonly<Record<string, Readonly<Record<string, Removal>>>>;

type Properties = Resource["properties"];

/** Resources whose name has this part; all of a type without one. */
export const named = (part: string) => (resource: Resource) => resource.name.includes(part);

export function change(type: string, alter: (properties: Properties) => void, isMeant = named("")): Removal {
  return (graph) => {
    const meant = all(graph, type).filter(isMeant);
    if (meant.length === 0) throw new Error(`there is no such ${type}`);
    for (const { properties } of meant) alter(properties);
    return undefined;
  };
}

/** Of the first resource of a type: a property by its path, which must be there. Undefined takes it away. */
export function set(type: string, path: string, value?: unknown): Removal {
  return (graph) => {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce((inner, name) => inner[name], all(graph, type)[0]?.properties);
    if (!(last in holder)) throw new Error(`${type} has no ${path}`);
    holder[last] = value;
    return undefined;
  };
}

export function without(type: string, isGone = named("")): Removal {
  return (graph) => {
    const gone = new Set(all(graph, type).filter(isGone));
    if (gone.size === 0) throw new Error(`there is no such ${type}`);
    return { ...graph, resources: graph.resources.filter((resource) => !gone.has(resource)) };
  };
}

export function withoutOptions(type: string): Removal {
  return (graph) => {
    const bare = (resource: Resource) => ({ ...resource, options: {} });
    const meant = new Set(all(graph, type));
    return { ...graph, resources: graph.resources.map((one) => (meant.has(one) ? bare(one) : one)) };
  };
}

/** Of a function, by its file's name. */
export function lambda(name: string, alter: (properties: Properties) => void): Removal {
  return (graph) => {
    alter(functionsOf(graph).get(name)?.properties);
    return undefined;
  };
}

/** A function's own policy, changed as text. */
export function policy(name: string, from: string, to: string): Removal {
  return (graph) => {
    const found = functionsOf(graph).get(name);
    const [inline] = (found && roleOf(graph, found))?.properties.inlinePolicies ?? [];
    if (!inline?.policy.includes(from)) throw new Error(`the policy of ${name} has no ${from}`);
    inline.policy = inline.policy.replaceAll(from, to);
    return undefined;
  };
}
