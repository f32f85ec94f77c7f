/**
 * Facts about what would be deployed: the resource graph that SST's real components make of stacks/, for production and for
 * any other stage, without an AWS account. The first run installs these components.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import validator from "asl-validator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConnections } from "../../lib/providers/connections.ts";
import { readSettings } from "../../stacks/settings.ts";
import { isThorough } from "../thoroughness.ts";
import { all, functionsOf, type Graph } from "./graph.ts";
import { prepareSynthesis, type Synthesis } from "./graphs.ts";
import { permissionMatrix } from "./permission-matrix.ts";
import { installPlatform, root } from "./platform.ts";
import { removals } from "./removals/all.ts";
import { rules } from "./rules/all.ts";

const stages = ["production", "someone"] as const;
const graphs = new Map<string, Graph>();

function graphOf(stage: string): Graph {
  const graph = graphs.get(stage);
  if (!graph) throw new Error(`there is no graph of ${stage}`);
  return graph;
}

let synthesis: Synthesis;

beforeAll(async () => {
  await installPlatform();
  synthesis = await prepareSynthesis();
  const made = await Promise.all(stages.map((stage) => synthesis.graphOf(stage)));
  for (const graph of made) graphs.set(graph.stage, graph);
}, 300_000);

afterAll(() => synthesis[Symbol.asyncDispose]());

describe.each(stages)("in the stage %s", (stage) => {
  test.each(Object.entries(rules))("%s", (_name, rule) => {
    expect(rule(graphOf(stage))).toEqual([]);
  });
});

test("what each function may do is this", async () => {
  await expect(permissionMatrix(graphOf("production"))).toMatchFileSnapshot("permission-matrix.txt");
});

test("the flow in the graph is a valid definition", () => {
  const [machine] = all(graphOf("production"), "sfn/stateMachine");
  const validation = validator(JSON.parse(machine?.properties.definition));
  expect(validation.isValid, validation.errorsText()).toBe(true);
});

test("the stacks' types are right against SST's own", { timeout: 120_000 }, async () => {
  const tsc = path.join(root, "node_modules/.bin/tsc");
  await expect(promisify(execFile)(tsc, ["-p", "tsconfig.infra.json"], { cwd: root })).resolves.toMatchObject({
    stdout: "",
  });
});

test("a new stage's connections are there, and named as unconfigured", async () => {
  const [version] = all(graphOf("someone"), "secretsmanager/secretVersion");
  const { configured, broken } = await readConnections(version?.properties.secretString, () => {
    throw new Error("nobody is called");
  }).all();
  expect(configured).toEqual([]);
  expect(broken.map(({ id }) => id)).toEqual(["ipayout", "mircate", "nexio", "paysafe", "sipay"]);
});

describe("a rule notices when its property is gone:", () => {
  test.each(removals)("$rule (without $what)", ({ rule, take }) => {
    const graph = structuredClone(graphOf("production"));
    expect(rules[rule]?.(take(graph) ?? graph)).not.toEqual([]);
  });

  test("each of them", () => {
    expect(Object.keys(rules).filter((name) => !removals.some(({ rule }) => rule === name))).toEqual([]);
  });
});

describe("a stage that sets more", () => {
  test("has its domain, its mail for alarms, its web pages and its sources of events", async () => {
    const environment = {
      MONEYBACK_DOMAIN: "pay.example.com",
      MONEYBACK_ALARM_EMAIL: "ops@example.com",
      MONEYBACK_CORS_ORIGINS: "https://shop.example.com, http://localhost:5173,",
      MONEYBACK_EVENT_SOURCES: '{"shop.orders":["acme"]}',
      MONEYBACK_RESERVED_CONCURRENCY: "off",
    };
    const graph = await synthesis.graphOf("production", environment);
    expect(all(graph, "apigatewayv2/domainName").map(({ properties }) => properties.domainName)).toEqual([
      "pay.example.com",
    ]);
    expect(all(graph, "apigatewayv2/api")[0]?.properties).toMatchObject({
      disableExecuteApiEndpoint: true,
      corsConfiguration: {
        allowOrigins: ["https://shop.example.com", "http://localhost:5173"],
        allowMethods: ["POST", "GET", "PUT", "DELETE"],
      },
    });
    expect(all(graph, "sns/topicSubscription")[0]?.properties).toMatchObject({
      protocol: "email",
      endpoint: "ops@example.com",
    });
    const told = [...functionsOf(graph)].flatMap(([name, { properties }]) => {
      const sources = properties.environment.variables["EVENT_SOURCES"];
      return sources ? [[name, sources]] : [];
    });
    expect(told).toEqual([["accept-event", '{"shop.orders":["acme"]}']]);
    expect(graph.printed["warning"]).toBeUndefined();
    const reserved = all(graph, "lambda/function").filter(({ properties }) => properties.reservedConcurrentExecutions);
    expect(reserved).toEqual([]);
  });

  test.each([
    ["MONEYBACK_BUDGET_DOLLARS", "ten", 'MONEYBACK_BUDGET_DOLLARS is "ten", not whole dollars'],
    ["MONEYBACK_CORS_ORIGINS", "*", 'MONEYBACK_CORS_ORIGINS has "*", which is no origin'],
    [
      "MONEYBACK_CORS_ORIGINS",
      "https://a.example/",
      'MONEYBACK_CORS_ORIGINS has "https://a.example/", which is no origin',
    ],
    ["MONEYBACK_EVENT_SOURCES", "{shop}", "MONEYBACK_EVENT_SOURCES is {shop}, not JSON such as"],
    ["MONEYBACK_RESERVED_CONCURRENCY", "no", 'MONEYBACK_RESERVED_CONCURRENCY is "no", neither on nor off'],
  ])("is told what is wrong with %s=%s", (name, value, words) => {
    expect(() => readSettings({ [name]: value })).toThrow(words);
  });

  test("is told so before anything is made", async () => {
    const environment = { MONEYBACK_BUDGET_DOLLARS: "ten" };
    await expect(synthesis.graphOf("production", environment)).rejects.toThrow("not whole dollars");
  });
});

test.runIf(isThorough)("production that is to go for good takes its tables, key and secret along", async () => {
  const folder = path.join(root, ".sst/going");
  const config = path.join(folder, "sst.config.ts");
  const text = readFileSync(path.join(root, "sst.config.ts"), "utf8");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(path.join(root, "stacks"), path.join(folder, "stacks"));
  writeFileSync(config, text.replace('isProduction ? "retain" : "remove"', '"remove"'));
  await using going = await prepareSynthesis({ config });
  const graph = await going.graphOf("production");
  expect(graph.app.removal).toBe("remove");
  const holders = ["kms/key", "secretsmanager/secret", "dynamodb/table"].flatMap((type) => all(graph, type));
  expect(holders).toHaveLength(12);
  for (const { options, properties } of holders) {
    expect(options.retainOnDelete ?? false).toBe(false);
    expect(properties.deletionProtectionEnabled ?? false).toBe(false);
  }
});

test("every alarm's description leads to its place in docs/operations.md", () => {
  const text = readFileSync(path.join(root, "docs/operations.md"), "utf8");
  for (const { properties } of all(graphOf("production"), "cloudwatch/metricAlarm")) {
    const anchor = /docs\/operations\.md#(.+)$/.exec(properties.alarmDescription)?.[1];
    expect(text).toContain(`### ${anchor}\n`);
  }
});
