/** Decides what happens next, and what time it is: one step at a time, each drawn from those that could be taken. */
import type { Random } from "./random.ts";

/** Whoever takes steps. What a dead one still had before it is never taken. */
export interface Actor {
  readonly name: string;
  isAlive: boolean;
}

interface Step {
  readonly actor: Actor;
  readonly take: () => void;
}

interface Timer extends Step {
  readonly at: number;
  readonly order: number;
}

export interface Pace {
  /** How often a younger step may overtake an older one. */
  readonly shuffle: number;
  /** A step takes this long at most. */
  readonly stepMsMax: number;
}

export interface SchedulerHooks {
  /** Before each step, when all that the last one set going has come to rest. False stops the run. */
  readonly before: () => boolean;
  /** Nobody can take a step, and the next timer is for `until` (infinity: there is none). */
  readonly idle: (until: number) => void;
  readonly overtook: () => void;
}

export class Scheduler {
  now: number;
  readonly #random: Random;
  readonly #pace: Pace;
  readonly #ready: Step[] = [];
  readonly #timers: Timer[] = [];
  #order = 0;

  constructor(start: number, random: Random, pace: Pace) {
    this.now = start;
    this.#random = random;
    this.#pace = pace;
  }

  /** A step that can be taken from now on. */
  ready(actor: Actor, take: () => void): void {
    this.#ready.push({ actor, take });
  }

  /** A step that can be taken in `ms`. */
  after(ms: number, actor: Actor, take: () => void): void {
    const timer = { at: this.now + Math.max(0, ms), order: this.#order++, actor, take };
    let place = this.#timers.length;
    // Kept in falling order: the next one is the last. There are few, and most new ones are soon.
    while (place > 0 && isAfter(timer, this.#timers[place - 1])) place--;
    this.#timers.splice(place, 0, timer);
  }

  /**
   * Takes steps until there are none. Between two steps everything that the first one set going comes to rest: a tick is only
   * begun when no microtask is left, since it was asked for by a microtask (Node drains that queue before the next tick).
   * So no turn of the event loop is needed, and nothing from outside can come between.
   */
  run(hooks: SchedulerHooks): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        try {
          const step = hooks.before() ? this.#next(hooks) : undefined;
          if (step) {
            step.take();
            queueMicrotask(next);
          } else resolve();
        } catch (error) {
          reject(error);
        }
      };
      const next = (): void => process.nextTick(turn);
      queueMicrotask(next);
    });
  }

  #next(hooks: SchedulerHooks): Step | undefined {
    for (;;) {
      this.#wake();
      if (this.#ready.length === 0) {
        hooks.idle(this.#timers.at(-1)?.at ?? Number.POSITIVE_INFINITY);
        const timer = this.#timers.at(-1);
        if (!timer) return undefined;
        this.now = Math.max(this.now, timer.at);
        continue;
      }
      const place = this.#pick();
      const [step] = this.#ready.splice(place, 1);
      if (!step?.actor.isAlive) continue;
      if (place > 0) hooks.overtook();
      if (this.#pace.stepMsMax > 0) this.now += this.#random.below(this.#pace.stepMsMax);
      return step;
    }
  }

  #pick(): number {
    if (this.#ready.length < 2 || !this.#random.chance(this.#pace.shuffle)) return 0;
    return this.#random.below(this.#ready.length);
  }

  #wake(): void {
    for (let timer = this.#timers.at(-1); timer && timer.at <= this.now; timer = this.#timers.at(-1)) {
      this.#timers.pop();
      if (timer.actor.isAlive) this.#ready.push(timer);
    }
  }
}

function isAfter(one: Timer, other: Timer | undefined): boolean {
  return other !== undefined && (one.at > other.at || (one.at === other.at && one.order > other.order));
}
