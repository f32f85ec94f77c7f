/** Which faults a run has and when they strike: drawn, numbered, counted, and each one can be switched off. */
import { type FaultName, faultNames, faultRates } from "./fault-names.ts";
import type { Random } from "./random.ts";

export type FaultCounts = Partial<Record<FaultName, number>>;

export class Faults {
  readonly counts: FaultCounts = {};
  /** What struck, in order; an ordinal is a place in this list. */
  readonly struck: FaultName[] = [];
  readonly #rates: Partial<Record<FaultName, number>>;
  readonly #random: Random;
  readonly #off: ReadonlySet<number>;
  #isOver = false;

  constructor(rates: Partial<Record<FaultName, number>>, random: Random, off: ReadonlySet<number> = new Set()) {
    this.#rates = rates;
    this.#random = random;
    this.#off = off;
  }

  /** How often this fault strikes in this run; 0 for one that it does not have. */
  rate(name: FaultName): number {
    return this.#rates[name] ?? 0;
  }

  /** Whether the fault strikes on this occasion. */
  strikes(name: FaultName): boolean {
    const rate = this.#isOver ? 0 : (this.#rates[name] ?? 0);
    if (rate === 0 || !this.#random.chance(rate)) return false;
    const ordinal = this.struck.push(name) - 1;
    if (this.#off.has(ordinal)) return false;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    return true;
  }

  /** Notes one that happens by itself. */
  count(name: FaultName): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  /** From now on nothing goes wrong: whether all comes to its end can only be asked of a world that lets it. */
  end(): void {
    this.#isOver = true;
  }
}

/** How wild a run is, which faults it has, and how often each strikes. One run in ten is calm. */
export function drawRates(random: Random): Partial<Record<FaultName, number>> {
  const mood = random.next();
  if (mood < 0.1) return {};
  const breadth = mood < 0.4 ? 0.2 : mood < 0.8 ? 0.5 : 0.9;
  const rates: Partial<Record<FaultName, number>> = {};
  for (const name of faultNames) {
    const strength = random.next();
    if (random.chance(breadth)) rates[name] = faultRates[name] * Math.max(0.05, strength);
  }
  return rates;
}
