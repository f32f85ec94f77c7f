/** Makes a failure small: leaves out what it does not need, as long as the same invariant is still broken. */
import type { Options } from "./options.ts";
import { type Run, simulate } from "./simulate.ts";

/** Enough for a readable trace; more is not worth a person's wait. */
const triesMax = 600;

/** Whatever is left out shifts the luck of the rest: a few other draws are tried before it is kept. */
const lucks = [undefined, 1, 2, 3] as const;

interface Smaller {
  readonly actionsOff: ReadonlySet<number>;
  readonly faultsOff: ReadonlySet<number>;
  readonly luck?: number;
}

/** The smallest run that was found, traced; the same run where none is smaller. */
export async function shrink(failed: Run, options: Options = {}): Promise<Run> {
  const invariant = failed.violation?.invariant;
  let best = failed;
  let kept: Smaller = { actionsOff: new Set(), faultsOff: new Set() };
  let tries = 0;

  const attempt = async (changed: Smaller): Promise<boolean> => {
    tries += 1;
    const run = await simulate(failed.seed, { ...options, ...changed });
    if (run.violation?.invariant !== invariant) return false;
    best = run;
    kept = changed;
    return true;
  };

  /** First many at once, then fewer, down to one by one. */
  const leaveOut = async (count: () => number, without: (places: readonly number[]) => Smaller[]): Promise<void> => {
    for (let size = Math.ceil(count() / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let first = 0; first < count() && tries < triesMax; first += size) {
        const places = Array.from({ length: size }, (_, place) => first + place);
        for (const smaller of without(places)) if (await attempt(smaller)) break;
      }
    }
  };

  const leaveOutActions = () =>
    leaveOut(
      () => best.actions,
      (places) => {
        if (places.every((place) => kept.actionsOff.has(place))) return [];
        const actionsOff = new Set([...kept.actionsOff, ...places]);
        // With other luck the faults have other ordinals: all of them are back.
        const others = lucks.flatMap((luck) =>
          luck === undefined ? [] : { actionsOff, faultsOff: new Set<number>(), luck },
        );
        return [{ ...kept, actionsOff }, ...others];
      },
    );
  const leaveOutFaults = () =>
    leaveOut(
      () => best.faultsDrawn,
      (places) =>
        places.every((place) => kept.faultsOff.has(place))
          ? []
          : [{ ...kept, faultsOff: new Set([...kept.faultsOff, ...places]) }],
    );

  await leaveOutActions();
  await leaveOutFaults();
  return simulate(failed.seed, { ...options, ...kept, isTraced: true });
}
