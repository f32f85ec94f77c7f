/** Makes one call of a dependency throw, before or after it took effect: what a crash or a lost answer looks like. */

/** Thrown where a process would have died. */
export class CrashError extends Error {
  override readonly name = "CrashError";
}

export interface Crash {
  /** Which call, counted from 0 over all dependencies. */
  readonly at: number;
  readonly when: "before" | "after";
}

export interface CrashPoint {
  /** The same object, its asynchronous methods counted. */
  wrap<T extends object>(name: string, dependency: T): T;
  /** The calls that were made, such as `transactions.advance`. */
  readonly calls: readonly string[];
}

/** Without a crash it only counts. */
export function crashPoint(crash?: Crash): CrashPoint {
  const calls: string[] = [];
  const counted =
    (name: string, method: (...given: unknown[]) => unknown) =>
    async (...given: unknown[]): Promise<unknown> => {
      const place = calls.push(name) - 1;
      if (crash?.at === place && crash.when === "before") throw new CrashError(`before ${name}`);
      const answer = await method(...given);
      if (crash?.at === place) throw new CrashError(`after ${name}`);
      return answer;
    };
  return {
    calls,
    wrap: (name, dependency) =>
      Object.fromEntries(
        Object.entries(dependency).map(([member, value]) => [
          member,
          typeof value === "function" ? counted(`${name}.${member}`, value.bind(dependency)) : value,
        ]),
      ) as typeof dependency,
  };
}

/** Both ways to die at each of the calls. */
export function everyCrash(calls: number): Crash[] {
  return Array.from({ length: calls }, (_, at) => [
    { at, when: "before" as const },
    { at, when: "after" as const },
  ]).flat();
}
