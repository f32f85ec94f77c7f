/** What happened in a run, line by line, for a person to read and for two runs to be compared. */
import { createHash } from "node:crypto";

export class Trace {
  readonly lines: string[] = [];
  readonly #start: number;
  readonly #names = new Map<string, string>();

  constructor(start: number) {
    this.#start = start;
  }

  /** Shows an id as a name from here on. */
  name(id: string, name: string): void {
    this.#names.set(id, name);
  }

  add(now: number, actor: string, what: string, fault = ""): void {
    const seconds = ((now - this.#start) / 1000).toFixed(3).padStart(10);
    this.lines.push(`${seconds}  ${actor.padEnd(24)} ${this.shown(what)}${fault && `   << ${fault}`}`);
  }

  /** A text with names instead of ids. */
  shown(text: string): string {
    return text.replaceAll(/(?:txn|bat|acc|pay|run)_[0-9a-z]{26}/g, (id) => this.#names.get(id) ?? id);
  }

  hash(): string {
    return createHash("sha256").update(this.lines.join("\n")).digest("base64url");
  }
}
