/** Switches choose a provider's standing behaviour where its documents are silent or contradict each other. */

export type SwitchValue = string | number;

export interface SwitchSpec {
  readonly about: string;
  readonly initial: SwitchValue;
  /** Allowed words; absent: none but `initial`, if that is a word. */
  readonly words?: readonly string[];
  /** Any text is allowed. */
  readonly anyText?: true;
  /** Allowed integers, from and to. */
  readonly integers?: readonly [number, number];
}

/** A provider, as far as switches go. */
export interface SwitchOwner {
  readonly id: string;
  readonly switches: Readonly<Record<string, SwitchSpec>>;
}

/** Every provider has these. */
const COMMON: Readonly<Record<string, SwitchSpec>> = {
  "rate-limit": {
    about: "Calls a second above which the provider answers as if too busy, nothing done.",
    initial: "off",
    integers: [1, 100_000],
  },
};

export const switchesOf = (provider: SwitchOwner): Readonly<Record<string, SwitchSpec>> => ({
  ...COMMON,
  ...provider.switches,
});

/** What a switch takes, in words. */
export const allowedValues = ({ initial, words = [], anyText, integers }: SwitchSpec): string[] => {
  const allowed = new Set(words);
  if (typeof initial === "string" && !anyText) allowed.add(initial);
  if (integers) allowed.add(`an integer from ${integers[0]} to ${integers[1]}`);
  if (anyText) allowed.add("any text");
  return [...allowed];
};

export const allows = (spec: SwitchSpec, value: unknown): value is SwitchValue => {
  if (typeof value === "number") {
    return (
      spec.integers !== undefined && Number.isInteger(value) && value >= spec.integers[0] && value <= spec.integers[1]
    );
  }
  if (typeof value !== "string") return false;
  return spec.anyText === true || value === spec.initial || (spec.words ?? []).includes(value);
};

/** The switches' values; what is not set stands at its initial value. */
export class Switchboard {
  readonly #set = new Map<string, SwitchValue>();

  value(provider: SwitchOwner, name: string): SwitchValue {
    const spec = provider.switches[name] ?? COMMON[name];
    if (!spec) throw new Error(`${provider.id} has no switch ${name}`);
    return this.#set.get(`${provider.id} ${name}`) ?? spec.initial;
  }

  set(provider: SwitchOwner, name: string, value: SwitchValue): void {
    this.#set.set(`${provider.id} ${name}`, value);
  }

  clear(): void {
    this.#set.clear();
  }
}
