/** Lambdas that can die: each call of a dependency is a step, before and after which the process, or the machine, may end. */
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import type { TaskTime } from "../../lib/lambda/task.ts";
import type { Evidence } from "./evidence.ts";
import type { Faults } from "./faults.ts";
import { type Container, type CrashPoint, type Effect, FunctionDiedError, type Invocation } from "./invocation.ts";
import type { Random } from "./random.ts";
import type { Actor, Scheduler } from "./scheduler.ts";
import type { Trace } from "./trace.ts";

/** How long a Lambda may run. */
const lifetimeMs = 30_000;
const skewMsMax = 2_000;

/** A slow network, a cold start, a garbage collection. */
const pauseMsMax = 8_000;

interface LambdaSetting {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly random: Random;
  readonly evidence: Evidence;
  readonly trace: Trace | undefined;
  readonly crash: CrashPoint | undefined;
  /** Ends everything that runs beside the invocations. */
  readonly onMachineCrash: () => void;
}

export class Lambdas<Dependencies> {
  /** The steps that were taken, by name. */
  readonly steps: string[] = [];
  readonly #setting: LambdaSetting;
  readonly #makeContainer: (lambdas: Lambdas<Dependencies>, current: () => Invocation) => Dependencies;
  readonly #running = new Set<Invocation>();
  readonly #free: Container<Dependencies>[] = [];
  #count = 0;

  constructor(
    setting: LambdaSetting,
    makeContainer: (lambdas: Lambdas<Dependencies>, current: () => Invocation) => Dependencies,
  ) {
    this.#setting = setting;
    this.#makeContainer = makeContainer;
  }

  /** Runs a function for a caller. @throws FunctionDiedError, and whatever the function throws */
  invoke<Result>(
    caller: Actor,
    name: string,
    run: (dependencies: Dependencies, time: TaskTime) => Promise<Result>,
    transactionId?: string,
  ): Promise<Result> {
    const { scheduler } = this.#setting;
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      const answer = (deliver: () => void): void => {
        if (isAnswered) return;
        isAnswered = true;
        scheduler.ready(caller, deliver);
      };
      const invocation: Invocation = {
        name: `${name}#${++this.#count}`,
        isAlive: true,
        skewMs: this.#drawSkew(),
        endsAt: scheduler.now + lifetimeMs,
        transactionId,
        hasSlept: false,
        fail: (error) => answer(() => reject(error)),
      };
      this.#running.add(invocation);
      const container = this.#containerFor(invocation);
      const end = (deliver: () => void): void => {
        if (!invocation.isAlive) return;
        answer(deliver);
        this.#end(invocation);
        this.#free.push(container);
      };
      scheduler.after(lifetimeMs, invocation, () => {
        invocation.fail(new FunctionDiedError("States.Timeout"));
        // One that slept wakes up later and goes on: whatever it then does must do no harm.
        if (!invocation.hasSlept) this.#end(invocation);
      });
      scheduler.ready(invocation, () => {
        const time = { remainingMs: () => invocation.endsAt - scheduler.now };
        run(container.dependencies, time).then(
          (result) => end(() => resolve(result)),
          (error: unknown) => end(() => reject(error)),
        );
      });
    });
  }

  /** One call of a dependency: a step of the invocation. `effect` is what it does, at once. */
  step<Result>(invocation: Invocation, label: string, kind: Effect, effect: () => Promise<Result>): Promise<Result> {
    const { scheduler } = this.#setting;
    return new Promise((resolve, reject) => {
      const take = (): void => {
        if (this.#isLate(invocation, label, take)) return;
        const crash = this.#crashAt(label);
        if (crash?.when === "before") {
          this.#crash(invocation, label, crash);
          return;
        }
        const answer = this.#carryOut(invocation, label, kind, effect);
        if (crash) {
          answer.catch(() => undefined);
          this.#crash(invocation, label, crash);
        } else answer.then(resolve, reject);
      };
      scheduler.ready(invocation, take);
    });
  }

  /** Ends every invocation at once. What is stored, and what is under way to a provider, stays. */
  endAll(): void {
    for (const invocation of this.#running) this.#die(invocation);
  }

  #drawSkew(): number {
    const { faults, random, evidence } = this.#setting;
    if (!faults.strikes("clock-skew")) return 0;
    evidence.areClocksSkewed = true;
    return random.between(-skewMsMax, skewMsMax);
  }

  #containerFor(invocation: Invocation): Container<Dependencies> {
    const free = this.#free.pop();
    if (free) {
      free.current = invocation;
      return free;
    }
    const container: Container<Dependencies> = {
      current: invocation,
      dependencies: this.#makeContainer(this, () => container.current),
    };
    return container;
  }

  /** Whether the invocation goes on with this step only later: after a pause, or, once in its life, minutes after it should. */
  #isLate(invocation: Invocation, label: string, take: () => void): boolean {
    const { scheduler, faults, random } = this.#setting;
    if (!invocation.hasSlept && faults.strikes("zombie")) {
      invocation.hasSlept = true;
      this.#note(invocation, label, "zombie: sleeps before it");
      scheduler.after(random.spread(20_000, 600_000), invocation, take);
      return true;
    }
    if (!faults.strikes("pause")) return false;
    this.#note(invocation, label, "pause before it");
    scheduler.after(random.spread(20, pauseMsMax), invocation, take);
    return true;
  }

  #carryOut<Result>(
    invocation: Invocation,
    label: string,
    kind: Effect,
    effect: () => Promise<Result>,
  ): Promise<Result> {
    const { faults, random } = this.#setting;
    if (kind !== "elsewhere" && faults.strikes("throttled")) {
      const isDone = kind === "write" && random.chance(0.5);
      this.#note(invocation, label, isDone ? "throttled, though it was done" : "throttled");
      if (isDone) effect().catch(() => undefined);
      return Promise.reject(new StoreUnavailableError("throttled"));
    }
    if (kind === "write" && faults.strikes("lost-write-answer")) {
      this.#note(invocation, label, "lost-write-answer: done twice, answered once");
      // The answer is lost and the SDK writes again: the caller hears of the second try only.
      effect().catch(() => undefined);
      return effect();
    }
    this.#note(invocation, label);
    return effect();
  }

  #crashAt(label: string): Omit<CrashPoint, "step"> | undefined {
    const { faults, random, crash } = this.#setting;
    const step = this.steps.push(label) - 1;
    if (crash?.step === step) return crash;
    if (faults.strikes("crash-before")) return { when: "before", what: "process" };
    if (faults.strikes("crash-after")) return { when: "after", what: "process" };
    if (!faults.strikes("machine-crash")) return undefined;
    return { when: random.chance(0.5) ? "before" : "after", what: "machine" };
  }

  #crash(invocation: Invocation, label: string, { when, what }: Omit<CrashPoint, "step">): void {
    this.#note(invocation, label, `the ${what} dies ${when} it`);
    if (what === "machine") this.#setting.onMachineCrash();
    else this.#die(invocation);
  }

  #die(invocation: Invocation): void {
    const error = new FunctionDiedError("Lambda.Unknown");
    this.#end(invocation);
    invocation.fail(error);
  }

  #end(invocation: Invocation): void {
    invocation.isAlive = false;
    this.#running.delete(invocation);
  }

  #note(invocation: Invocation, label: string, fault?: string): void {
    this.#setting.trace?.add(this.#setting.scheduler.now, invocation.name, label, fault);
  }
}
