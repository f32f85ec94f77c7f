/** Runs a server as a child process that cannot outlive this one, even when this one is killed outright. */
import { spawn } from "node:child_process";

/** A server that does not end on SIGTERM within this time is killed. */
const stopGraceMs = 3_000;

/** Only the end of what a child printed is kept, to say why it ended. */
const outputMax = 2_000;

export interface Child {
  /** Why it is no longer running, in one line; undefined while it is. */
  ended(): string | undefined;
  stop(): Promise<void>;
}

/**
 * The shell leaves a watcher behind and then becomes the command. The watcher reads from a pipe that only this process
 * holds: when this process is gone, for whatever reason, the pipe closes and the watcher ends the command.
 */
const watchedCommand = `exec 3<&0
(read -r _ <&3; kill -KILL $$) >/dev/null 2>&1 &
exec "$@" 3<&- </dev/null`;

export function startChild(command: readonly [file: string, ...args: string[]]): Child {
  const child = spawn("sh", ["-c", watchedCommand, "sh", ...command], {
    stdio: ["pipe", "pipe", "pipe"],
    // Its own process group: Ctrl-C in the terminal is for this process, which then stops the child in order.
    detached: true,
  });
  let output = "";
  let ending: string | undefined;
  const exit = Promise.withResolvers<void>();

  const keep = (text: string) => {
    output = (output + text).slice(-outputMax);
  };
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  child.stdin.on("error", () => {});
  child.on("error", (error) => ended(error.message));
  child.on("exit", (code, signal) => ended(lastLine(output) ?? `it exited with ${signal ?? `code ${code}`}`));

  function ended(why: string): void {
    ending ??= why;
    process.off("exit", kill);
    // Lets the watcher go.
    child.stdin.destroy();
    exit.resolve();
  }

  function kill(): void {
    child.kill("SIGKILL");
  }
  process.once("exit", kill);

  return {
    ended: () => ending,
    async stop() {
      if (ending !== undefined) return;
      const timer = setTimeout(kill, stopGraceMs);
      child.kill("SIGTERM");
      await exit.promise;
      clearTimeout(timer);
    },
  };
}

function lastLine(output: string): string | undefined {
  return output.trim().split("\n").at(-1) || undefined;
}
