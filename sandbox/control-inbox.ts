/** The `/_sandbox/receiver` endpoints: what arrived there, and how the receiver is to answer. */

import type { ControlRoute } from "./control-route.ts";
import { ok } from "./control-route.ts";
import type { Fields } from "./fields.ts";
import { readInteger, readText, refuseUnknown } from "./fields.ts";
import type { Manners } from "./inbox.ts";
import { DEFAULT_NAME } from "./inbox.ts";

const PATH = "/_sandbox/receiver";

const DELAY_MAX_MS = 600_000;
const TIMES_MAX = 1_000_000;

export const inboxRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: PATH,
    about:
      "The last 100 webhooks that were POSTed here, oldest first; ?name= narrows it. Register this address (and ?name=) as a webhook endpoint.",
    run: ({ inbox }, input) => {
      refuseUnknown(input, ["name"]);
      return ok({ arrivals: inbox.list(input["name"] === undefined ? undefined : readText(input, "name")) });
    },
  },
  {
    method: "DELETE",
    path: PATH,
    about: "Forget the webhooks that arrived.",
    run: ({ inbox }, input) => {
      refuseUnknown(input, []);
      return ok({ cleared: inbox.forget() });
    },
  },
  {
    method: "POST",
    path: `${PATH}/answer`,
    about:
      "How the receiver answers: {name?, status?, delayMs?, retryAfter?, times?, secret?}. With a secret it checks signatures. {} answers 200 again.",
    run: ({ inbox }, input) => {
      refuseUnknown(input, ["name", "status", "delayMs", "retryAfter", "times", "secret"]);
      const name = input["name"] === undefined ? DEFAULT_NAME : readText(input, "name");
      const { secret, ...manners } = inbox.teach(name, readManners(input));
      return ok({ name, ...manners, isChecking: secret !== undefined });
    },
  },
];

const readManners = (input: Fields): Partial<Manners> => ({
  ...(input["status"] !== undefined && { status: readInteger(input, "status", { min: 200, max: 599 }) }),
  ...(input["delayMs"] !== undefined && { delayMs: readInteger(input, "delayMs", { min: 0, max: DELAY_MAX_MS }) }),
  ...(input["retryAfter"] !== undefined && { retryAfter: readText(input, "retryAfter") }),
  ...(input["times"] !== undefined && { times: readInteger(input, "times", { min: 1, max: TIMES_MAX }) }),
  ...(input["secret"] !== undefined && { secret: readText(input, "secret") }),
});
