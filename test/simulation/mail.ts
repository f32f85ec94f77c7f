/** The webhooks that providers send: in time, late, before the answer, several times, never; and some that nobody sent. */
import { run as receiveWebhook } from "../../functions/receive-webhook.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import { receiverOf } from "./simulated-connections.ts";
import type { SimulatedProviders, Webhook } from "./simulated-providers.ts";

export interface Mail {
  /** Sends what the providers have to tell. Answers how long the provider's own answer has to wait for that. */
  send(): number;
}

/** A signature is believed for five minutes; what comes as late as this may be refused, and harms nobody. */
const believedMs = 240_000;

export function openMail({
  scheduler,
  faults,
  random,
  evidence,
  providers,
  gateway,
}: {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly providers: SimulatedProviders;
  readonly gateway: Gateway;
}): Mail {
  const postman: Actor = { name: "postman", isAlive: true };

  const deliver = async ({ connection, url, headers, body }: Webhook, right: (status: number) => boolean) => {
    const run: Parameters<Gateway["call"]>[2] = (given, call) => receiveWebhook({ connection, url, body }, given, call);
    const { status, code } = await gateway.call(postman, "receive-webhook", run, { tenant: "", headers });
    if (status !== 0 && !right(status)) {
      evidence.violate("webhooks-are-told-by-their-signature", `${connection}: ${status} ${code ?? ""}`);
    }
  };

  const send = (webhook: Webhook, inMs: number): void => {
    const isBelieved = inMs < believedMs;
    const right = (status: number): boolean => status === 200 || (!isBelieved && status === 401);
    scheduler.after(inMs, postman, () => void deliver(webhook, right));
  };

  /** Says that all is well with an order of ours, in the words of nobody. */
  const forge = ({ connection, url }: Pick<Webhook, "connection" | "url">): void => {
    const [id] = evidence.transactions.keys();
    if (id === undefined) return;
    const body = Buffer.from(JSON.stringify({ eventType: "PAYMENT.COMPLETED", reference: id, status: "COMPLETED" }));
    const isSigned = receiverOf(connection).secret !== undefined;
    const right = (status: number): boolean => status === (isSigned ? 401 : 200);
    scheduler.after(
      random.between(1, 5_000),
      postman,
      () => void deliver({ connection, url, headers: {}, body }, right),
    );
  };

  return {
    send() {
      let answerWaitsMs = 0;
      for (const webhook of providers.webhooks()) {
        if (faults.strikes("webhook-forged")) forge(webhook);
        if (faults.strikes("webhook-lost")) continue;
        if (faults.strikes("webhook-first")) {
          answerWaitsMs = random.between(1_000, 5_000);
          send(webhook, 0);
        } else
          send(webhook, faults.strikes("webhook-late") ? random.spread(5_000, 3_600_000) : random.between(50, 2_000));
        if (faults.strikes("duplicate-webhook")) send(webhook, random.spread(1, 200_000));
      }
      return answerWaitsMs;
    },
  };
}
