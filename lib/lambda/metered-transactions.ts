/** The store of transactions, whose writes take along what was consumed for them: no write is made for the cost's sake. */
import type { Transaction } from "../domain/transaction.ts";
import type { TransactionStore } from "../store/port.ts";
import { unitsOfAdvance, unitsOfCreate } from "../store/write-units.ts";
import { currentMeter, Meter, type Taken } from "./meter.ts";

/**
 * Where nobody meters, such as a run that makes a thousand transactions of a batch, a write still counts itself. It does what the
 * store does, whatever the meter says.
 */
export function meteredTransactions(store: TransactionStore): TransactionStore {
  return {
    async create(transaction) {
      const meter = currentMeter() ?? nobodys();
      const units = unitsOfCreate(transaction);
      const result = await taking(
        meter,
        { units, isStepOver: false },
        ({ spent }) => store.create({ ...transaction, cost: spent }),
        ({ created }) => created,
      );
      remember(meter, result.transaction);
      return result;
    },

    // What is reserved costs nobody's transaction anything: there is none.
    reserve: store.reserve,

    async get(id, consistency) {
      const transaction = await store.get(id, consistency);
      remember(currentMeter(), transaction);
      return transaction;
    },

    async advance(id, transition) {
      const meter = currentMeter() ?? nobodys();
      const units = unitsOfAdvance(transition, meter.seen.get(id));
      const result = await taking(
        meter,
        { units, isStepOver: !transition.goesOn },
        ({ spent }) => store.advance(id, { ...transition, spent }),
        ({ advanced }) => advanced,
      );
      remember(meter, result.transaction);
      return result;
    },
  };
}

/** Hears nothing and times nothing: what it gives to a write are the write's own units. */
function nobodys(): Meter {
  return new Meter({ now: () => new Date(0) });
}

async function taking<Result>(
  meter: Meter,
  write: { readonly units: number; readonly isStepOver: boolean },
  make: (taken: Taken) => Promise<Result>,
  isMade: (result: Result) => boolean,
): Promise<Result> {
  const taken = meter.take(write.units, write.isStepOver);
  let made = false;
  try {
    const result = await make(taken);
    made = isMade(result);
    return result;
  } finally {
    if (made) meter.made(write.units);
    else meter.giveBack(taken);
  }
}

function remember(meter: Meter | undefined, transaction: Transaction | undefined): void {
  if (meter && transaction) meter.seen.set(transaction.id, transaction);
}
