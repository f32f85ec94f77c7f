/** What a simulation knows that the product does not: every write as it was made, and which request moved what. */
import type { Transaction } from "../../lib/domain/transaction.ts";
import type { Movement } from "../../sandbox/movement.ts";
import { DoorEvidence } from "./door-evidence.ts";
import { Versions } from "./versions.ts";

/** A request to move money, from its leaving on. */
export interface Send {
  readonly transactionId: string;
  readonly attempt: number;
  readonly at: number;
  /** What the sender learned: `nothing` only where the provider surely did nothing and said so. */
  outcome: "open" | "nothing" | "doubt" | "answered";
  /** What it moved when it arrived. */
  moved: readonly Movement[];
  arrivedAt?: number;
}

export interface Write {
  readonly before: Transaction | undefined;
  readonly after: Transaction;
}

/** A part of an original that a transaction holds. */
export interface OriginalRecord {
  learned: number;
  readonly holds: Map<string, number>;
}

/** Questions by name, each answered with what is wrong, if anything. */
export type Invariants<Subject> = Readonly<
  Record<string, (subject: Subject, evidence: Evidence) => string | undefined>
>;

export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

export class Evidence {
  readonly transactions = new Map<string, Transaction>();
  /** Of batches, accruals and events. */
  readonly doors = new DoorEvidence();
  readonly sends = new Map<string, Send[]>();
  readonly originals = new Map<string, OriginalRecord>();
  /** Names and who has them: turns and movements. */
  readonly names = new Map<string, string>();
  /** What each original had to return at the beginning, as the seeds know it. */
  readonly limits = new Map<string, number>();
  /** Requests that will still arrive. */
  readonly underWay = new Set<Send>();
  /** Whether some function's clock was not the providers'. */
  areClocksSkewed = false;
  violation: Violation | undefined;
  readonly #versions = new Versions<Transaction>();
  readonly #movements: () => readonly Movement[];

  constructor(movements: () => readonly Movement[]) {
    this.#movements = movements;
  }

  /** The first thing that is wrong; what follows from it says nothing more. */
  violate(invariant: string, detail: string): void {
    this.violation ??= { invariant, detail };
  }

  check<Subject>(invariants: Invariants<Subject>, subject: Subject): void {
    for (const [name, wrong] of Object.entries(invariants)) {
      const detail = wrong(subject, this);
      if (detail !== undefined) this.violate(name, detail);
    }
  }

  wrote(after: Transaction): Write {
    this.transactions.set(after.id, after);
    this.doors.made(after);
    return { before: this.#versions.wrote(after), after };
  }

  /** The transaction as it was `writes` writes ago; undefined before it was there. */
  earlier(id: string, writes: number): Transaction | undefined {
    return this.#versions.earlier(id, writes);
  }

  original(id: string): OriginalRecord {
    const record = this.originals.get(id) ?? { learned: 0, holds: new Map() };
    this.originals.set(id, record);
    return record;
  }

  sendsOf(id: string): readonly Send[] {
    return this.sends.get(id) ?? [];
  }

  /** The requests of a transaction that moved money which was not given back since, with the movements as they are now. */
  moving(id: string): readonly (readonly Movement[])[] {
    const sends = this.sendsOf(id).filter(({ moved }) => moved.length > 0);
    if (sends.length === 0) return [];
    const now = new Map(this.#movements().map((movement) => [movement.id, movement]));
    return sends
      .map(({ moved }) => moved.map((movement) => now.get(movement.id) ?? movement))
      .filter((moved) => moved.some(({ status }) => status !== "failed"));
  }

  /** Whether the money of a transaction moved, and was not given back. */
  moves(id: string): boolean {
    return this.moving(id).length > 0;
  }

  movements(): readonly Movement[] {
    return this.#movements();
  }
}
