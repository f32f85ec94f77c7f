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
  // A backslash takes the meaning from an asterisk or a backslash behind it.
  const source = text.replace(/\\([*\\])|\*|[^*\\]+|\\/g, (part, escaped?: string) =>
    escaped === undefined && part === "*" ? ".*" : RegExp.escape(escaped ?? part),
  );
  const expression = new RegExp(`^${source}$`, "s");
  return onText((value) => expression.test(value));
}

function anythingBut(key: string, operand: unknown): Test {
  if (isObject(operand)) {
    const [name, ...others] = Object.keys(operand);
    if (
      name === undefined ||
      others.length > 0 ||
      !["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)
    ) {
      throw new Error(
        `Event pattern: "${key}" uses anything-but with ${JSON.stringify(operand)}, which is not known here.`,
      );
    }
    const tests = listOf(operand[name]).map((one) => testOf(key, name, one));
    return (value) => !tests.some((test) => test(value));
  }
  const refused = listOf(operand);
  if (!refused.every((one) => typeof one === "string" || typeof one === "number")) {
    throw new Error(`Event pattern: "${key}" uses anything-but, which takes strings or numbers.`);
  }
  return (value) => !refused.includes(value as string | number);
}

function numeric(key: string, operand: unknown): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 > 0) {
    throw new Error(`Event pattern: "${key}" uses numeric, which takes pairs of a comparison and a number.`);
  }
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    tests.push(comparison(key, operand[index], operand[index + 1]));
  }
  return (value) => typeof value === "number" && tests.every((test) => test(value));
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

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
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
