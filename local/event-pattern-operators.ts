/** The comparison operators of EventBridge event patterns, such as `{ "prefix": "txn_" }`. */
import { BlockList, isIP } from "node:net";

type Test = (value: unknown) => boolean;

/** Whether one of the field's values passes the operator. `exists` looks at whether there are any. */
export function matchesOperator(
  key: string,
  operator: { readonly [name: string]: unknown },
  values: readonly unknown[],
): boolean {
  const [name, ...others] = Object.keys(operator);
  if (name === undefined || others.length > 0) {
    throw new Error(`Event pattern: "${key}" must name exactly one operator in each object.`);
  }
  const operand = operator[name];
  if (name === "exists") return flag(key, operand) === values.length > 0;
  // Every field must hold something for the other operators: anything-but does not match an absent field.
  return values.some(testOf(key, name, operand));
}

function testOf(key: string, name: string, operand: unknown): Test {
  switch (name) {
    case "prefix":
      return textTest(key, name, operand, (value, text) => value.startsWith(text));
    case "suffix":
      return textTest(key, name, operand, (value, text) => value.endsWith(text));
    case "equals-ignore-case":
      return equalsIgnoreCase(textOf(key, name, operand));
    case "wildcard":
      return wildcard(key, operand);
    case "anything-but":
      return anythingBut(key, operand);
    case "numeric":
      return numeric(key, operand);
    case "cidr":
      return cidr(key, operand);
    default:
      throw new Error(`Event pattern: "${key}" uses the operator "${name}", which is not known here.`);
  }
}

/** `{ "prefix": "a" }`, or in any case: `{ "prefix": { "equals-ignore-case": "a" } }`. */
function textTest(
  key: string,
  name: string,
  operand: unknown,
  compare: (value: string, text: string) => boolean,
): Test {
  if (isObject(operand)) {
    assertOnly(key, name, operand, ["equals-ignore-case"]);
    const text = textOf(key, name, operand["equals-ignore-case"]).toLowerCase();
    return onText((value) => compare(value.toLowerCase(), text));
  }
  const text = textOf(key, name, operand);
  return onText((value) => compare(value, text));
}

function equalsIgnoreCase(text: string): Test {
  const lower = text.toLowerCase();
  return onText((value) => value.toLowerCase() === lower);
}

function wildcard(key: string, operand: unknown): Test {
  const text = textOf(key, "wildcard", operand);
  // A backslash takes the meaning from an asterisk or a backslash behind it, and has none of its own.
  if (!/^(?:\\[*\\]|[^\\])*$/s.test(text)) {
    throw new Error(
      `Event pattern: "${key}" uses wildcard with a backslash that is before no "*" and no other backslash.`,
    );
  }
  const parts = text.match(/\\[*\\]|\*|[^*\\]+/g) ?? [];
  if (parts.some((part, place) => part === "*" && parts[place + 1] === "*")) {
    throw new Error(`Event pattern: "${key}" uses wildcard with two asterisks side by side.`);
  }
  const source = parts.map((part) => (part === "*" ? ".*" : RegExp.escape(part.replace(/^\\(?=.)/, "")))).join("");
  const expression = new RegExp(`^${source}$`, "s");
  return onText((value) => expression.test(value));
}

function anythingBut(key: string, operand: unknown): Test {
  if (isObject(operand)) {
    const [name = ""] = Object.keys(operand);
    assertOnly(key, "anything-but", operand, ["prefix", "suffix", "equals-ignore-case", "wildcard"]);
    const tests = listOf(key, operand[name]).map((one) => testOf(key, name, textOf(key, name, one)));
    return (value) => !tests.some((test) => test(value));
  }
  const refused = listOf(key, operand);
  if (!refused.every((one) => typeof one === "string" || typeof one === "number")) {
    throw new Error(`Event pattern: "${key}" uses anything-but, which takes strings or numbers.`);
  }
  return (value) => !refused.includes(value as string | number);
}

/** One comparison, or a range: the lower bound first, then the upper one. */
function numeric(key: string, operand: unknown): Test {
  if (!Array.isArray(operand) || ![2, 4].includes(operand.length)) {
    throw new Error(`Event pattern: "${key}" uses numeric, which takes one or two pairs of a comparison and a number.`);
  }
  const [sign, bound, upperSign, upperBound] = operand as unknown[];
  const first = comparison(key, sign, bound);
  if (operand.length === 2) return onNumber(first);
  const second = comparison(key, upperSign, upperBound);
  if (!(isOneOf(sign, [">", ">="]) && isOneOf(upperSign, ["<", "<="]) && Number(bound) < Number(upperBound))) {
    throw new Error(
      `Event pattern: "${key}" uses numeric with two bounds, which must be a lower one and a higher upper one.`,
    );
  }
  return onNumber((value) => first(value) && second(value));
}

function comparison(key: string, sign: unknown, bound: unknown): (value: number) => boolean {
  if (typeof bound !== "number") throw new Error(`Event pattern: "${key}" compares with something that is no number.`);
  switch (sign) {
    case "=":
      return (value) => value === bound;
    case "<":
      return (value) => value < bound;
    case "<=":
      return (value) => value <= bound;
    case ">":
      return (value) => value > bound;
    case ">=":
      return (value) => value >= bound;
    default:
      throw new Error(`Event pattern: "${key}" uses the comparison ${JSON.stringify(sign)}, which is not known here.`);
  }
}

function cidr(key: string, operand: unknown): Test {
  const [network = "", prefix = ""] = textOf(key, "cidr", operand).split("/");
  const family = isIP(network);
  const bits = Number(prefix);
  if (family === 0 || !/^\d{1,3}$/.test(prefix) || bits > (family === 4 ? 32 : 128)) {
    throw new Error(`Event pattern: "${key}" uses cidr with ${JSON.stringify(operand)}, which is no address range.`);
  }
  const range = new BlockList();
  range.addSubnet(network, bits, `ipv${family as 4 | 6}`);
  return onText((value) => {
    const valueFamily = isIP(value);
    return valueFamily !== 0 && range.check(value, `ipv${valueFamily as 4 | 6}`);
  });
}

function onText(test: (value: string) => boolean): Test {
  return (value) => typeof value === "string" && test(value);
}

function onNumber(test: (value: number) => boolean): Test {
  return (value) => typeof value === "number" && test(value);
}

function isOneOf(value: unknown, allowed: readonly unknown[]): boolean {
  return allowed.includes(value);
}

/** What anything-but takes: one value, or some. */
function listOf(key: string, value: unknown): readonly unknown[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0)
    throw new Error(`Event pattern: "${key}" uses anything-but with nothing that it would refuse.`);
  return values;
}

/** An operator's operand that is an object names exactly one other operator, of those that it can be combined with. */
function assertOnly(key: string, name: string, operand: object, allowed: readonly string[]): void {
  const names = Object.keys(operand);
  if (names.length === 1 && isOneOf(names[0], allowed)) return;
  throw new Error(`Event pattern: "${key}" uses ${name} with ${JSON.stringify(operand)}, which is not known here.`);
}

function textOf(key: string, name: string, operand: unknown): string {
  if (typeof operand !== "string") throw new Error(`Event pattern: "${key}" uses ${name}, which takes a string.`);
  return operand;
}

function flag(key: string, operand: unknown): boolean {
  if (typeof operand !== "boolean") throw new Error(`Event pattern: "${key}" uses exists, which takes true or false.`);
  return operand;
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
