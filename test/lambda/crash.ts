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

/** A process that dies at one call, and makes none after it. Without a crash it only counts. */
export function mortal(crash?: Crash) {
  let calls = 0;
  let isDead = false;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    if (isDead) throw new CrashError("dead");
    const place = calls++;
    isDead = crash?.at === place && crash.when === "before";
    if (isDead) throw new CrashError("before");
    const answer = await act();
    if (isDead) throw new CrashError("dead");
    isDead = crash?.at === place;
    if (isDead) throw new CrashError("after");
    return answer;
  };
  const wrap = <T extends object>(dependency: T): T =>
    Object.fromEntries(
      Object.entries(dependency).map(([name, method]) => [
        name,
        (...given: unknown[]) => step(() => method(...given) as Promise<unknown>),
      ]),
    ) as T;
  return { wrap, step, calls: () => calls };
}

/** Both ways to die at each of the calls. */
export function everyCrash(calls: number): Crash[] {
  return Array.from({ length: calls }, (_, at) => [
    { at, when: "before" as const },
    { at, when: "after" as const },
  ]).flat();
}

/** A process that sleeps before one of its calls, and all later ones, until it is woken. */
export function sleeper(at: number) {
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const wrap = <T extends object>(dependency: T): T =>
    Object.fromEntries(
      Object.entries(dependency).map(([method, call]) => [
        method,
        async (...given: unknown[]) => {
          if (calls++ >= at) await gate.promise;
          return call(...given);
        },
      ]),
    ) as T;
  return { wrap, wake: () => gate.resolve(), calls: () => calls };
}
