/** Reads what control requests ask for: a fault to arm, an account to set, a switch to turn. */

import type { Account } from "./account.ts";
import { accountStatuses } from "./account.ts";
import { MINOR_UNITS_MAX } from "./decimals.ts";
import type { Fault } from "./faults.ts";
import { faultNames, takesDelay, takesLookups } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { FieldError, readChoice, readInteger, readText, refuseUnknown } from "./fields.ts";
import type { Ledger } from "./ledger.ts";
import type { Provider } from "./provider.ts";
import type { SwitchValue } from "./switches.ts";
import { allowedValues, allows, switchesOf } from "./switches.ts";

const TIMES_MAX = 1_000_000;
const DELAY_MAX_MS = 600_000;
const LOOKUPS_MAX = 1_000;

export const readFault = (providers: readonly Provider[], input: Fields): Fault => {
  refuseUnknown(input, ["provider", "operation", "fault", "times", "delayMs", "lookups"]);
  const provider = readProvider(providers, input);
  const operation = readChoice(input, "operation", Object.keys(provider.operations));
  const fault = readChoice(input, "fault", faultNames);
  const applicable = provider.operations[operation] ?? [];
  if (!applicable.includes(fault)) {
    throw new FieldError("fault", `${fault} cannot strike ${operation} at ${provider.id}`, applicable);
  }
  const optional = (field: "delayMs" | "lookups", max: number, applies: boolean): Partial<Fault> => {
    if (input[field] === undefined) return {};
    if (!applies) throw new FieldError(field, `means nothing for ${fault}`, []);
    return { [field]: readInteger(input, field, { min: field === "lookups" ? 1 : 0, max }) };
  };
  return {
    provider: provider.id,
    operation,
    fault,
    times: input["times"] === undefined ? 1 : readInteger(input, "times", { min: 1, max: TIMES_MAX }),
    ...optional("delayMs", DELAY_MAX_MS, takesDelay(fault)),
    ...optional("lookups", LOOKUPS_MAX, takesLookups(fault)),
  };
};

/** The account that then has exactly the asked balance in the asked currency; other currencies stay. */
export const readAccount = (
  providers: readonly Provider[],
  ledger: Ledger,
  input: Fields,
): Omit<Account, "createdAt"> => {
  refuseUnknown(input, ["provider", "account", "username", "currency", "balance", "status"]);
  const provider = readProvider(providers, input).id;
  const account = readText(input, "account", { pattern: /^[\w.@+-]+$/, expected: "letters, digits and _ . @ + -" });
  const username = input["username"] === undefined ? undefined : readText(input, "username");
  const currency = readText(input, "currency", { pattern: /^[A-Z]{3}$/, expected: "three capital letters" });
  const balance = readInteger(input, "balance", { min: 0, max: MINOR_UNITS_MAX });
  const status = input["status"] === undefined ? undefined : readChoice(input, "status", accountStatuses);
  const taken = ledger
    .accounts(provider)
    .find((each) => username !== undefined && each.username === username && each.account !== account);
  if (taken) throw new FieldError("username", `is the username of ${taken.account}`);
  const present = ledger.account({ provider, account });
  const moved = ledger.balance({ provider, account }, currency) - (present?.openings[currency] ?? 0);
  return {
    ...present,
    provider,
    account,
    ...(username === undefined ? {} : { username }),
    status: status ?? present?.status ?? "open",
    openings: { ...present?.openings, [currency]: balance - moved },
  };
};

export const readSwitch = (
  providers: readonly Provider[],
  input: Fields,
): { readonly provider: Provider; readonly name: string; readonly value: SwitchValue } => {
  refuseUnknown(input, ["provider", "switch", "value"]);
  const provider = readProvider(providers, input);
  const specs = switchesOf(provider);
  const name = readChoice(input, "switch", Object.keys(specs));
  const spec = specs[name];
  const { value } = input;
  if (!spec || !allows(spec, value)) {
    throw new FieldError(
      "value",
      value === undefined ? "is missing" : `${JSON.stringify(value)} is not allowed`,
      spec && allowedValues(spec),
    );
  }
  return { provider, name, value };
};

const readProvider = (providers: readonly Provider[], input: Fields): Provider => {
  const id = readChoice(
    input,
    "provider",
    providers.map((each) => each.id),
  );
  const provider = providers.find((each) => each.id === id);
  if (!provider) throw new Error(`no provider ${id}`);
  return provider;
};
