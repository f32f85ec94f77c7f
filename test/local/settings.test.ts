/** What `npm start` understands of its environment, and the one line for what it does not. */
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { connectionIdsOf, localConnections } from "../../local/connections.ts";
import { readSettings } from "../../local/settings.ts";

describe("the settings", () => {
  test("have the documented defaults", () => {
    expect(readSettings({})).toEqual({ port: 4000, sandboxPort: 4010, awsPort: 4020 });
    expect(readSettings({ PORT: "", MONEYBACK_DATA_DIR: " " })).toEqual({
      port: 4000,
      sandboxPort: 4010,
      awsPort: 4020,
    });
  });

  test("are read", () => {
    const settings = readSettings({
      PORT: "1",
      SANDBOX_PORT: "0",
      AWS_PORT: "0",
      DYNAMODB_ENDPOINT: "http://127.0.0.1:8000/",
      MONEYBACK_CONNECTIONS: "[]",
      MONEYBACK_DATA_DIR: "/var/moneyback",
    });
    expect(settings).toEqual({
      port: 1,
      sandboxPort: 0,
      awsPort: 0,
      dynamoDbEndpoint: "http://127.0.0.1:8000",
      connections: "[]",
      dataDir: "/var/moneyback",
    });
  });

  test.each([
    [{ PORT: "abc" }, "PORT=abc is no port: set it to a number from 0 (any free port) to 65535, or unset it."],
    [{ SANDBOX_PORT: "65536" }, "SANDBOX_PORT=65536 is no port"],
    [{ AWS_PORT: "-1" }, "AWS_PORT=-1 is no port"],
    [{ PORT: "4e3" }, "PORT=4e3 is no port"],
    [{ PORT: "4010" }, "PORT and SANDBOX_PORT are both 4010: give each its own."],
    [{ DYNAMODB_ENDPOINT: "localhost:8000" }, "DYNAMODB_ENDPOINT=localhost:8000 is no URL"],
  ])("of %j are refused", (environment, message) => {
    expect(() => readSettings(environment)).toThrow(message);
  });
});

describe("the connections", () => {
  test("point at the sandbox where none are given", () => {
    const sandbox = [{ id: "one", provider: "one", baseUrl: "http://127.0.0.1:4010/one" }];
    expect(JSON.parse(localConnections({ sandbox }))).toEqual(sandbox);
  });

  test("are taken as they are given", () => {
    const text = '[{"id":"a"}]';
    expect(localConnections({ sandbox: [], text })).toBe(text);
    expect(connectionIdsOf(text)).toEqual(["a"]);
  });

  test.each(['{"id":"a"}', "[1]", "[[]]", "[null]", '[{"password":"hunter2"'])(
    "of %s are refused, and not quoted",
    (text) => {
      let refusal: unknown;
      try {
        localConnections({ sandbox: [], text });
      } catch (error) {
        refusal = error;
      }
      expect(String(refusal)).toMatch(/^Error: MONEYBACK_CONNECTIONS [^\n]+\.$/);
      expect(inspect(refusal)).not.toContain("hunter2");
    },
  );
});
