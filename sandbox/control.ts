/** The `/_sandbox` endpoints: arm faults, read the truth, set accounts, switches and receivers of webhooks, begin anew. */

import type { Account } from "./account.ts";
import { inboxRoutes } from "./control-inbox.ts";
import { readAccount, readFault, readSwitch } from "./control-input.ts";
import type { ControlRoute } from "./control-route.ts";
import { narrow, ok } from "./control-route.ts";
import { webhookRoutes } from "./control-webhooks.ts";
import { refuseUnknown } from "./fields.ts";
import type { Ledger } from "./ledger.ts";
import type { Provider } from "./provider.ts";
import type { Switchboard } from "./switches.ts";
import { allowedValues, switchesOf } from "./switches.ts";

export const controlRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: "/_sandbox",
    about: "This page.",
    run: ({ providers }) =>
      ok({
        about: "Stand-ins of payment providers. A provider's base URL is this server's, followed by its id.",
        providers: providers.map((each) => ({
          provider: each.id,
          baseUrl: `/${each.id}`,
          operations: each.operations,
          webhooks: each.webhooks ? (each.webhooks.isSigned ? "signed" : "unsigned") : "none",
        })),
        endpoints: controlRoutes.map(({ method, path, about }) => ({ method, path, about })),
      }),
  },
  {
    method: "POST",
    path: "/_sandbox/faults",
    about: "Arm a fault: {provider, operation, fault, times?, delayMs?, lookups?}. Consumed in order, one a call.",
    run: ({ providers, faults }, input) => ({ status: 201, value: faults.arm(readFault(providers, input)) }),
  },
  {
    method: "GET",
    path: "/_sandbox/faults",
    about: "The armed faults, in order.",
    run: ({ faults }, input) => {
      refuseUnknown(input, []);
      return ok({ faults: faults.list() });
    },
  },
  {
    method: "DELETE",
    path: "/_sandbox/faults",
    about: "Disarm all faults.",
    run: ({ faults }) => ok({ cleared: faults.clear() }),
  },
  {
    method: "GET",
    path: "/_sandbox/ledger",
    about: "Every movement that really happened; ?provider= and ?reference= narrow it.",
    run: ({ ledger, providers }, input) => {
      refuseUnknown(input, ["provider", "reference"]);
      const reference = typeof input["reference"] === "string" ? { reference: input["reference"] } : {};
      return ok({ movements: ledger.movements({ ...narrow(providers, input), ...reference }) });
    },
  },
  {
    method: "GET",
    path: "/_sandbox/requests",
    about: "The last 5,000 requests that providers received, in order; ?provider= narrows it.",
    run: ({ requests, providers }, input) => {
      refuseUnknown(input, ["provider"]);
      return ok({ requests: requests.list(narrow(providers, input).provider) });
    },
  },
  {
    method: "DELETE",
    path: "/_sandbox/requests",
    about: "Forget the requests.",
    run: ({ requests }) => ok({ cleared: requests.clear() }),
  },
  {
    method: "GET",
    path: "/_sandbox/accounts",
    about: "The accounts and their balances now, in minor units; ?provider= narrows it.",
    run: ({ ledger, providers }, input) => {
      refuseUnknown(input, ["provider"]);
      return ok({ accounts: ledger.accounts(narrow(providers, input).provider).map((each) => toView(ledger, each)) });
    },
  },
  {
    method: "POST",
    path: "/_sandbox/accounts",
    about: "Add or set an account: {provider, account, username?, currency, balance, status?}.",
    run: ({ ledger, providers }, input) => ({
      status: 201,
      value: toView(ledger, ledger.saveAccount(readAccount(providers, ledger, input))),
    }),
  },
  {
    method: "GET",
    path: "/_sandbox/switches",
    about: "The switches, their values and what they allow.",
    run: ({ providers, switchboard }) => ok({ switches: providers.flatMap((each) => toSwitches(switchboard, each)) }),
  },
  {
    method: "POST",
    path: "/_sandbox/switches",
    about: "Set a switch: {provider, switch, value}.",
    run: ({ providers, switchboard }, input) => {
      const { provider, name, value } = readSwitch(providers, input);
      switchboard.set(provider, name, value);
      return ok({ provider: provider.id, switch: name, value });
    },
  },
  ...webhookRoutes,
  ...inboxRoutes,
  {
    method: "POST",
    path: "/_sandbox/reset",
    about: "Back to the seeds: no movement, no fault, no request, every switch at its initial value.",
    run: ({ reset }) => {
      reset();
      return ok({ reset: true });
    },
  },
];

const toView = (ledger: Ledger, { provider, account, username, status }: Account): object => ({
  provider,
  account,
  ...(username === undefined ? {} : { username }),
  status,
  balances: ledger.balances({ provider, account }),
});

const toSwitches = (switchboard: Switchboard, provider: Provider): object[] =>
  Object.entries(switchesOf(provider)).map(([name, spec]) => ({
    provider: provider.id,
    switch: name,
    value: switchboard.value(provider, name),
    initial: spec.initial,
    allowed: allowedValues(spec),
    about: spec.about,
  }));
