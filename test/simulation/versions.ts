/** Items as they were written, with the last few versions of each: what a reader may still see who is a moment behind. */

/** How many writes an answer that is not consistent may be behind. */
const versionsMax = 4;

export class Versions<Item extends { readonly id: string }> {
  readonly #versions = new Map<string, Item[]>();

  /** What was there before; undefined for the first. */
  wrote(after: Item): Item | undefined {
    const versions = this.#versions.get(after.id) ?? [];
    const before = versions.at(-1);
    versions.push(after);
    if (versions.length > versionsMax) versions.shift();
    this.#versions.set(after.id, versions);
    return before;
  }

  get(id: string): Item | undefined {
    return this.#versions.get(id)?.at(-1);
  }

  all(): Item[] {
    return [...this.#versions.values()].flatMap((versions) => versions.at(-1) ?? []);
  }

  /** The item as it was `writes` writes ago; undefined before it was there. */
  earlier(id: string, writes: number): Item | undefined {
    return this.#versions.get(id)?.at(-1 - writes);
  }

  /** Everything as somebody may see it whose every item is up to so many writes behind. */
  behind(writes: () => number): Item[] {
    return [...this.#versions.keys()].flatMap((id) => this.earlier(id, writes()) ?? []);
  }
}
