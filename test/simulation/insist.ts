/** Callers that do not give up: they repeat a call until somebody answers. "The provider did not say" is an answer, too. */
import type { Evidence } from "./evidence.ts";
import type { Heard } from "./gateway.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

/** How often a caller tries whose call was not answered. In the end nothing goes wrong any more. */
const triesMax = 200;

export type Insist = (actor: Actor, call: () => Promise<Heard>) => Promise<Heard>;

export function insistence({
  scheduler,
  random,
  evidence,
  trace,
  onAnswer,
}: {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly trace: Trace | undefined;
  readonly onAnswer: (heard: Heard) => void;
}): Insist {
  return async (actor, call) => {
    for (let tries = 0; tries < triesMax; tries++) {
      const heard = await call();
      trace?.add(scheduler.now, actor.name, `hears ${heard.status} ${heard.code ?? ""} ${heard.body?.id ?? ""}`);
      onAnswer(heard);
      if (heard.status !== 0) return heard;
      await new Promise<void>((resolve) => scheduler.after(random.between(500, 30_000), actor, resolve));
    }
    evidence.violate("the-api-answers", `${actor.name} was never answered`);
    return { status: 0, isReplayed: false };
  };
}
