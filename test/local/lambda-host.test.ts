/** The Lambda host: what functions see, how they fail, time out and die. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { type LambdaHost, startLambdaHost } from "../../local/lambda-host.ts";
import { functionsFolder } from "./functions-folder.ts";

const sources = {
  echo: `export const handler = async (event: unknown, context: any) => {
    console.log("one line\\nand another");
    console.error("a complaint");
    return { event, requestId: context.awsRequestId, name: context.functionName, arn: context.invokedFunctionArn,
      left: context.getRemainingTimeInMillis(), stage: process.env["STAGE"], home: process.env["HOME"] ?? "unset" };
  };`,
  nothing: "export const handler = async () => {};",
  decline: `class NotSentError extends Error { override readonly name = "NotSentError"; }
    export const handler = async () => { throw new NotSentError("refused"); };`,
  text: `export const handler = async () => { throw "words"; };`,
  hang: "export const handler = async () => { await new Promise(() => {}); };",
  spin: "export const handler = async () => { for (;;) {} };",
  quit: "export const handler = async () => { process.exit(1); };",
  throwLater: `export const handler = async () => { setTimeout(() => { throw new Error("nobody catches"); }); await new Promise(() => {}); };`,
  count: "let calls = 0; export const handler = async () => ++calls;",
  big: `export const handler = async () => "x".repeat(7 * 1024 * 1024);`,
};

let host: LambdaHost | undefined;
const lines: string[] = [];

async function start(): Promise<LambdaHost> {
  lines.length = 0;
  host = await startLambdaHost({
    env: { STAGE: "local" },
    onLog: (line) => lines.push(line),
    functionsUrl: await functionsFolder(sources),
    functions: Object.keys(sources),
  });
  return host;
}

afterEach(() => host?.stop());

describe("a function", () => {
  test("sees its event, a Lambda context and only the environment it was given", async () => {
    const { invoke, invocations } = await start();
    const result = await invoke("echo", { amount: 1, absent: undefined }, { timeoutMs: 5_000, requestId: "r-1" });
    expect(result).toMatchObject({
      event: { amount: 1 },
      requestId: "r-1",
      name: "echo",
      arn: "arn:aws:lambda:us-east-1:000000000000:function:echo",
      stage: "local",
      home: "unset",
    });
    expect((result as { left: number }).left).toBeGreaterThan(3_000);
    expect(invocations()).toEqual({ echo: 1 });
  });

  test("prints line by line", async () => {
    const { invoke } = await start();
    await invoke("echo", {});
    await vi.waitFor(() => expect(lines.toSorted()).toEqual(["a complaint", "and another", "one line"]));
  });

  test("that returns nothing answers null", async () => {
    const { invoke } = await start();
    expect(await invoke("nothing", undefined)).toBeNull();
  });

  test("that throws fails with the error's name, message and trace", async () => {
    const { invoke } = await start();
    await expect(invoke("decline", {})).rejects.toMatchObject({
      name: "FunctionError",
      errorType: "NotSentError",
      errorMessage: "refused",
      trace: expect.arrayContaining([expect.stringContaining("NotSentError")]),
    });
    await expect(invoke("text", {})).rejects.toMatchObject({ errorType: "string", errorMessage: "words" });
  });

  test("that is too slow times out, and the others go on", async () => {
    const { invoke } = await start();
    await expect(invoke("hang", {}, { timeoutMs: 50 })).rejects.toMatchObject({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 0\.05 seconds$/),
    });
    expect(await invoke("count", {})).toBe(1);
  });

  test("that blocks its thread for good is ended, and the next call finds a fresh one", async () => {
    const { invoke } = await start();
    await expect(invoke("spin", {}, { timeoutMs: 50 })).rejects.toMatchObject({ errorType: "Sandbox.Timedout" });
    await vi.waitFor(async () => expect(await invoke("count", {}, { timeoutMs: 1_000 })).toBe(1), { timeout: 8_000 });
  });

  test("that ends its process fails with Runtime.ExitError", async () => {
    const { invoke } = await start();
    await expect(invoke("quit", {})).rejects.toMatchObject({ errorType: "Runtime.ExitError" });
    await expect(invoke("throwLater", {})).rejects.toMatchObject({ errorType: "Runtime.ExitError" });
    expect(await invoke("count", {})).toBe(1);
  });

  test("that is not there fails alone", async () => {
    const { invoke } = await start();
    await expect(invoke("missing", {})).rejects.toMatchObject({ name: "FunctionError" });
    expect(await invoke("count", {})).toBe(1);
  });

  test("cannot take or give more than six megabytes", async () => {
    const { invoke } = await start();
    await expect(invoke("echo", "x".repeat(7 * 1024 * 1024))).rejects.toMatchObject({
      errorType: "RequestTooLargeException",
    });
    await expect(invoke("big", {})).rejects.toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
  });
});

describe("a crash", () => {
  test("fails what is under way, and the next call starts afresh", async () => {
    const { invoke, crash } = await start();
    expect(await invoke("count", {})).toBe(1);
    expect(await invoke("count", {})).toBe(2);
    const underWay = invoke("hang", {});
    const failed = expect(underWay).rejects.toMatchObject({ errorType: "Runtime.ExitError" });
    await crash();
    await failed;
    expect(await invoke("count", {})).toBe(1);
  });
});

describe("the start", () => {
  test("names a function that cannot be loaded, in one line", async () => {
    const functionsUrl = await functionsFolder({ broken: "export const handler = async ( => {};" });
    const starting = startLambdaHost({ env: {}, onLog: () => {}, functionsUrl, functions: ["broken"] });
    await expect(starting).rejects.toThrow(/^The function broken cannot be loaded: SyntaxError: [^\n]+$/);
  });

  test("names a function that exports no handler", async () => {
    const functionsUrl = await functionsFolder({ empty: "export const run = 1;" });
    const starting = startLambdaHost({ env: {}, onLog: () => {}, functionsUrl, functions: ["empty"] });
    await expect(starting).rejects.toThrow("The function empty cannot be loaded");
  });

  test("of a stopped host is over", async () => {
    const { invoke, stop } = await start();
    await stop();
    await expect(invoke("count", {})).rejects.toMatchObject({ errorType: "Runtime.ExitError" });
  });
});
