/** What an endpoint below `/_sandbox` consists of, and what it may act on. */

import type { FaultQueue } from "./faults.ts";
import type { Fields } from "./fields.ts";
import { readChoice } from "./fields.ts";
import type { Inbox } from "./inbox.ts";
import type { Ledger } from "./ledger.ts";
import type { Postman } from "./postman.ts";
import type { Provider } from "./provider.ts";
import type { Receivers } from "./receivers.ts";
import type { RequestLog } from "./requests.ts";
import type { Switchboard } from "./switches.ts";

export interface Controls {
  readonly providers: readonly Provider[];
  readonly ledger: Ledger;
  readonly faults: FaultQueue;
  readonly requests: RequestLog;
  readonly switchboard: Switchboard;
  readonly receivers: Receivers;
  readonly postman: Postman;
  readonly inbox: Inbox;
  readonly reset: () => void;
}

export interface ControlRoute {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly about: string;
  /** `input` is the query of a GET or DELETE, the body of a POST. Throws a `FieldError` where it is wrong. */
  readonly run: (controls: Controls, input: Fields) => { readonly status: number; readonly value: unknown };
}

export const ok = (value: unknown): { status: number; value: unknown } => ({ status: 200, value });

/** The provider that `input` names, if it names one. */
export const narrow = (providers: readonly Provider[], input: Fields): { provider?: string } =>
  input["provider"] === undefined
    ? {}
    : {
        provider: readChoice(
          input,
          "provider",
          providers.map(({ id }) => id),
        ),
      };
