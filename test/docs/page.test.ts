/** The page of the API's description: whole, self-contained, and safe whatever the description says. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { commandsOf } from "../../lib/docs/curl.ts";
import type { OpenApi, Operation } from "../../lib/docs/open-api.ts";
import { docsPage } from "../../lib/docs/page.ts";
import { transactionId } from "../../lib/domain/ids.ts";
import { webhookEndpointId } from "../../lib/domain/webhook-endpoint.ts";
import { published } from "../openapi/agreement.ts";

const { text, contentSecurityPolicy } = docsPage(published);
const operations = Object.entries(published.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
);

const codes = Object.keys(published.components.examples);

const isMissing = (part: string) => !text.includes(part);
const all = (pattern: RegExp, within = text) => [...within.matchAll(pattern)].map(([, found = ""]) => found);

describe("the page", () => {
  test.each(operations)("shows $method $path, and leads to it", ({ operation }) => {
    const { operationId } = operation;
    expect([`<li><a href="#${operationId}">`, `<article id="${operationId}">`].filter(isMissing)).toEqual([]);
  });

  test("shows what a webhook brings, every problem and every schema that answers show", () => {
    const ids = ["transactionChanged", ...codes.map((code) => `problem-${code}`), "schema-Transaction"];
    expect(ids.map((id) => ` id="${id}"`).filter(isMissing)).toEqual([]);
    // What a call takes stands with the call.
    expect(isMissing(' id="schema-CreateSpendback"')).toBe(true);
  });

  test("has each id once, and no link into nothing", () => {
    const ids = all(/ id="([^"]+)"/g);
    expect(new Set(ids).size).toBe(ids.length);
    const anchors = all(/href="#([^"]+)"/g);
    expect(anchors.filter((anchor) => !ids.includes(anchor))).toEqual([]);
    expect(anchors.length).toBeGreaterThan(operations.length);
  });

  test("needs no script and nothing from elsewhere", () => {
    expect(all(/(<script|<img|<link rel="stylesheet"| on\w+="| style="|javascript:|@import|url\()/gi)).toEqual([]);
    expect(all(/(?:href|src)="([^#"][^"]*)"/g)).toEqual(["data:,", "/openapi.json"]);
  });

  test("is allowed its own style by its hash, and nothing else", () => {
    const [style = ""] = all(/<style>([\s\S]*?)<\/style>/g);
    const hash = createHash("sha256").update(style).digest("base64");
    expect(contentSecurityPolicy.split("; ")).toEqual([
      "default-src 'none'",
      `style-src 'sha256-${hash}'`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test("closes what it opens, in order", () => {
    const open: string[] = [];
    for (const [, close, name = ""] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (["meta", "link", "wbr"].includes(name)) continue;
      if (close) expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  test("takes words of the description for words", () => {
    const [path, methods] = Object.entries(published.paths)[0] ?? ["", {}];
    const { post } = methods as { post: Operation };
    const evil = `<script>alert("1")</script>`;
    const paths = { [path]: { post: { ...post, summary: evil, description: `\`${evil}\` & **${evil}**` } } };
    const page = docsPage({ ...published, paths } satisfies OpenApi).text;
    expect(all(/(<script)/g, page)).toEqual([]);
    expect(all(/(&#60;script&#62;alert\(&#34;1&#34;\)&#60;\/script&#62;)/g, page).length).toBeGreaterThan(2);
  });
});

describe("an example command", () => {
  const commands = operations.flatMap((call) =>
    commandsOf(call, published).map((command) => ({ name: call.operation.operationId, call, ...command })),
  );

  test("is as a person would write it", () => {
    const { text: command } = commands.find(({ name }) => name === "createCashback") ?? {};
    expect(command).toBe(
      [
        'curl -s "$MONEYBACK_URL/v1/cashbacks"',
        '-H "Authorization: Bearer $MONEYBACK_API_KEY"',
        "-H 'Idempotency-Key: try-createCashback-1'",
        "-H 'Prefer: wait=10'",
        "-H 'Content-Type: application/json'",
        `-d '{
    "connection": "sipay",
    "receiver": {
      "walletNumber": "637606074"
    },
    "amount": {
      "value": 1000,
      "currency": "TRY"
    },
    "payout": "now"
  }'`,
      ].join(" \\\n  "),
    );
  });

  test.each(commands)("is one call for a shell: $name $title", ({ text: command, call }) => {
    // A curl that tells what it was given.
    const script = `curl() { printf '%s\\0' "$@"; }\nMONEYBACK_URL=http://a MONEYBACK_API_KEY=key\n${command}`;
    const given = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
    expect(given[0]).toBe("-s");
    const url = given.find((word) => word.startsWith("http://a/")) ?? "";
    const pattern = call.path.replaceAll(/\{\w+\}/g, "[^/{}]+").replaceAll(".", "\\.");
    expect(new URL(url).pathname).toMatch(new RegExp(`^${pattern}$`));
    const method = given.includes("-X") ? given[given.indexOf("-X") + 1] : given.includes("-d") ? "POST" : "GET";
    expect(method).toBe(call.method);
    if (given.includes("-d")) expect(() => JSON.parse(given[given.indexOf("-d") + 1] ?? "")).not.toThrow();
  });

  test("reads what the one before it made", () => {
    const keyOf = (wanted: string) =>
      /Idempotency-Key: ([\w-]+)/.exec(commands.find(({ name }) => name === wanted)?.text ?? "")?.[1] ?? "";
    const made = {
      getTransaction: transactionId("local", "spendback", keyOf("createSpendback")),
      getWebhookEndpoint: webhookEndpointId("local", keyOf("createWebhookEndpoint")),
    };
    for (const [wanted, id] of Object.entries(made)) {
      expect(commands.find(({ name }) => name === wanted)?.text).toContain(`/${id}"`);
    }
  });

  test("keeps to itself what quotes are within", () => {
    const [call] = operations;
    if (!call) throw new Error("there are no operations");
    const media = { schema: {}, examples: { one: { summary: "", value: { description: 'it\'s $HOME `x` "y"' } } } };
    const operation = { ...call.operation, requestBody: { content: { "application/json": media } } };
    const [command] = commandsOf({ ...call, operation }, published);
    const script = `curl() { for word in "$@"; do last=$word; done; printf '%s' "$last"; }\n${command?.text}`;
    expect(JSON.parse(execFileSync("sh", ["-c", script], { encoding: "utf8" }))).toEqual({
      description: 'it\'s $HOME `x` "y"',
    });
  });
});
