/** The `/_sandbox/webhooks` endpoints: who is told by webhook, and how the deliveries went. */

import type { ControlRoute } from "./control-route.ts";
import { narrow, ok } from "./control-route.ts";
import type { Fields } from "./fields.ts";
import { FieldError, readChoice, readText, refuseUnknown } from "./fields.ts";
import type { Provider } from "./provider.ts";
import type { Receiver } from "./webhook.ts";

const PATH = "/_sandbox/webhooks";

export const webhookRoutes: readonly ControlRoute[] = [
  {
    method: "GET",
    path: PATH,
    about: "Who is told by webhook, and the last 100 deliveries; ?provider= narrows both.",
    run: ({ providers, receivers, postman }, input) => {
      refuseUnknown(input, ["provider"]);
      const { provider } = narrow(providers, input);
      return ok({ receivers: receivers.list(provider).map(toView), deliveries: postman.list(provider) });
    },
  },
  {
    method: "POST",
    path: PATH,
    about:
      "Where a provider sends its webhooks: {provider, url, secret?}; a null url ends it. A reset leaves it as it is.",
    run: ({ providers, receivers }, input) => {
      refuseUnknown(input, ["provider", "url", "secret"]);
      const provider = readSender(providers, input);
      if (input["url"] === null) return ok({ removed: receivers.remove(provider.id) });
      const receiver = readReceiver(provider, input);
      receivers.save(receiver);
      return { status: 201, value: toView(receiver) };
    },
  },
  {
    method: "DELETE",
    path: PATH,
    about: "No webhooks any more; ?provider= narrows it.",
    run: ({ providers, receivers }, input) => {
      refuseUnknown(input, ["provider"]);
      return ok({ removed: receivers.remove(narrow(providers, input).provider) });
    },
  },
];

/** Without the secret. */
const toView = ({ provider, url, secret }: Receiver): object => ({ provider, url, isSigned: secret !== undefined });

const readSender = (providers: readonly Provider[], input: Fields): Provider => {
  const senders = providers.filter(({ webhooks }) => webhooks !== undefined);
  const id = readChoice(
    input,
    "provider",
    senders.map((each) => each.id),
  );
  const sender = senders.find((each) => each.id === id);
  if (!sender) throw new Error(`no provider ${id}`);
  return sender;
};

const readReceiver = (provider: Provider, input: Fields): Receiver => {
  const expected = "an http or https address without credentials";
  const url = readText(input, "url", { expected });
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.password !== "") {
    throw new FieldError("url", "is not allowed", [expected]);
  }
  if (input["secret"] === undefined) return { provider: provider.id, url };
  if (!provider.webhooks?.isSigned) throw new FieldError("secret", `means nothing: ${provider.id} signs nothing`, []);
  return { provider: provider.id, url, secret: readText(input, "secret") };
};
