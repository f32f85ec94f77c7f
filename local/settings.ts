/** Reads what `npm start` may be told through environment variables. */
import { resolve } from "node:path";
import type { StackOptions } from "./stack.ts";

const portMax = 65_535;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one line naming the variable that makes no sense. An empty variable counts as unset. */
export function readSettings(
  environment: Environment,
): Pick<StackOptions, "port" | "sandboxPort" | "awsPort" | "dataDir" | "dynamoDbEndpoint" | "connections"> {
  const settings = {
    port: portOf(environment, "PORT", 4000),
    sandboxPort: portOf(environment, "SANDBOX_PORT", 4010),
    awsPort: portOf(environment, "AWS_PORT", 4020),
    dataDir: textOf(environment, "MONEYBACK_DATA_DIR"),
    dynamoDbEndpoint: endpointOf(environment, "DYNAMODB_ENDPOINT"),
    connections: textOf(environment, "MONEYBACK_CONNECTIONS"),
  };
  assertDistinct({ PORT: settings.port, SANDBOX_PORT: settings.sandboxPort, AWS_PORT: settings.awsPort });
  return { ...settings, dataDir: settings.dataDir && resolve(settings.dataDir) };
}

function textOf(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

function portOf(environment: Environment, name: string, usual: number): number {
  const text = textOf(environment, name);
  if (text === undefined) return usual;
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= portMax) return port;
  throw new Error(`${name}=${text} is no port: set it to a number from 0 (any free port) to ${portMax}, or unset it.`);
}

function endpointOf(environment: Environment, name: string): string | undefined {
  const text = textOf(environment, name);
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url && ["http:", "https:"].includes(url.protocol)) return text.replace(/\/+$/, "");
  throw new Error(`${name}=${text} is no URL: set it to one such as http://127.0.0.1:8000, or unset it.`);
}

function assertDistinct(ports: Readonly<Record<string, number>>): void {
  const taken = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const other = taken.get(port);
    if (port !== 0 && other !== undefined) throw new Error(`${other} and ${name} are both ${port}: give each its own.`);
    taken.set(port, name);
  }
}
