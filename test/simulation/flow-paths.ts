/** Reads and writes a flow's data along reference paths such as `$.funds.enough`; what is written is a copy. */

/** What lies at a path; undefined where nothing does. */
export function valueAt(data: unknown, path: string): { readonly value: unknown } | undefined {
  let value = data;
  for (const name of namesOf(path)) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return { value };
}

/** The data with a value at a path, and objects made on the way; undefined where something else stands in the way. */
export function placed(data: unknown, path: string, value: unknown): { readonly data: unknown } | undefined {
  return placedAlong(data, namesOf(path), value);
}

function placedAlong(data: unknown, names: readonly string[], value: unknown): { readonly data: unknown } | undefined {
  const [name, ...rest] = names;
  if (name === undefined) return { data: value };
  if (data !== undefined && !isObject(data)) return undefined;
  const below = placedAlong(data?.[name], rest, value);
  return below && { data: { ...data, [name]: below.data } };
}

/** Paths are few and come again with every state. */
const known = new Map<string, readonly string[]>();

function namesOf(path: string): readonly string[] {
  const names = known.get(path) ?? path.split(".").slice(1);
  known.set(path, names);
  return names;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
