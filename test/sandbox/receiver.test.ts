/** The sandbox's receiver of the product's own webhooks. */
import { expect, test } from "vitest";
import { type Client, open } from "./client.ts";

// Computed with Python's hmac and base64 over `txn_1_2.1795168800.{}`.
const SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const SIGNATURE = "zOvJLb6dwhjxBulu6X9gH8XYnQYYHe0yYgkrCnhgSWE=";

const post = (client: Client, name = "", signature = `v1,${SIGNATURE}`) =>
  client.call("POST", `/_sandbox/receiver${name && `?name=${name}`}`, {
    body: "{}",
    headers: { "webhook-id": "txn_1_2", "webhook-timestamp": "1795168800", "webhook-signature": signature },
  });

const teach = (client: Client, body: object) => client.call("POST", "/_sandbox/receiver/answer", { body });

const arrivals = async (client: Client, query = "") =>
  (await client.call("GET", `/_sandbox/receiver${query}`)).body.arrivals;

test("keeps what arrives, byte for byte and with its headers, the last hundred of it", async () => {
  const client = await open();
  const reply = await post(client);
  expect([reply.status, reply.body]).toEqual([200, { received: true }]);
  expect(await arrivals(client)).toMatchObject([
    { receiver: "default", body: "{}", status: 200, headers: { "webhook-id": "txn_1_2" } },
  ]);
  expect((await arrivals(client))[0]).not.toHaveProperty("isAuthentic");
  for (let n = 0; n < 101; n++) await post(client, "other");
  expect(await arrivals(client)).toHaveLength(100);
  expect(await arrivals(client, "?name=default")).toEqual([]);
  expect((await client.call("DELETE", "/_sandbox/receiver")).body).toEqual({ cleared: 100 });
  expect(await arrivals(client)).toEqual([]);
});

test("checks signatures where it was told the secret: one of several is enough", async () => {
  const client = await open();
  const { text } = await teach(client, { secret: SECRET });
  expect(JSON.parse(text)).toMatchObject({ name: "default", isChecking: true });
  expect(text).not.toContain(SECRET);
  await post(client);
  await post(client, "", `v1,${Buffer.alloc(32).toString("base64")} v1,${SIGNATURE}`);
  await post(client, "", `v1,${Buffer.alloc(32).toString("base64")}`);
  await post(client, "", "nonsense");
  const authentic = (await arrivals(client)).map((each: { isAuthentic: boolean }) => each.isAuthentic);
  expect(authentic).toEqual([true, true, false, false]);
});

test("answers as it is told, so many times, each receiver by its name", async () => {
  const client = await open();
  await teach(client, { name: "slow", status: 503, retryAfter: "7", delayMs: 40, times: 2 });
  const started = performance.now();
  const first = await post(client, "slow");
  expect(performance.now() - started).toBeGreaterThan(35);
  expect([first.status, first.headers.get("retry-after")]).toEqual([503, "7"]);
  expect((await post(client)).status).toBe(200);
  expect((await post(client, "slow")).status).toBe(503);
  expect((await post(client, "slow")).status).toBe(200);
});

test("keeps its secret when its manners change, and forgets all at a reset", async () => {
  const client = await open();
  await teach(client, { secret: SECRET });
  await teach(client, { status: 500 });
  expect((await post(client)).status).toBe(500);
  expect(await arrivals(client)).toMatchObject([{ isAuthentic: true, status: 500 }]);
  await client.call("POST", "/_sandbox/reset");
  expect(await arrivals(client)).toEqual([]);
  expect((await post(client)).status).toBe(200);
  expect((await arrivals(client))[0]).not.toHaveProperty("isAuthentic");
});

test.each([
  { status: 100 },
  { status: "200" },
  { delayMs: -1 },
  { times: 0 },
  { secret: "" },
  { retryAfter: 7 },
  { colour: "red" },
])("does not take %j", async (body) => {
  expect((await teach(await open(), body)).status).toBe(400);
});
