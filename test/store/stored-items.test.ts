/** What really lies in the tables: no key in clear, no item that is believed because it is there, one error for "not now". */
import { DynamoDBClient, GetItemCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noCost } from "../../lib/domain/cost.ts";
import { StoreUnavailableError } from "../../lib/domain/errors.ts";
import { askForReview } from "../../lib/domain/operator-transitions.ts";
import { claimAttempt, decline } from "../../lib/domain/transitions.ts";
import { dynamoClaims } from "../../lib/store/dynamodb-claims.ts";
import { dynamoTransactionLists } from "../../lib/store/dynamodb-listing.ts";
import { dynamoSessions } from "../../lib/store/dynamodb-sessions.ts";
import { dynamoTransactions } from "../../lib/store/dynamodb-transactions.ts";
import { itemOf, parseTransaction } from "../../lib/store/stored-transaction.ts";
import { physicalName } from "../../local/create-tables.ts";
import { canRun, openEmulator } from "./emulator.ts";
import { flowAt, newTenant, sample } from "./sample.ts";

const table = physicalName("Transactions");
const now = flowAt(0).at;

describe.runIf(await canRun("dynoxide"))("the items in DynamoDB", () => {
  let opened: Awaited<ReturnType<typeof openEmulator>>;
  beforeAll(async () => {
    opened = await openEmulator("dynoxide");
  });
  afterAll(() => opened.close());

  test("hold an API key's SHA-256 and the key itself nowhere", async () => {
    const key = "mbk_3xampleKeyThatMustNotBeStored";
    await opened.apiKeys.put(key, { keyId: "key-1", tenant: "acme", scopes: ["transactions:read"] });
    const { Items = [] } = await opened.client.send(new ScanCommand({ TableName: physicalName("ApiKeys") }));
    // printf %s mbk_3xampleKeyThatMustNotBeStored | sha256sum
    expect(Items.map((item) => item["id"]?.S)).toEqual([
      "2c8e392a7d676e3a51bb49b8d560faf35a61264d9376a3e356400267e3c42acf",
    ]);
    expect(JSON.stringify(Items)).not.toContain("3xample");
  });

  test("spread over the due shards while something is to do, and lose both keys when it is over", async () => {
    const due = sample(newTenant(), 1);
    await opened.transactions.create(due);
    const raw = async () => {
      const { Item = {} } = await opened.client.send(
        new GetItemCommand({ TableName: table, Key: { id: { S: due.id } }, ConsistentRead: true }),
      );
      return unmarshall(Item);
    };
    expect(await raw()).toMatchObject({
      dueShard: expect.stringMatching(/^due#[0-7]$/),
      tenantShard: expect.stringMatching(new RegExp(`^${due.tenant}#[0-7]$`)),
      listedAt: `2026-11-20T09:30:00.000Z#${due.id}`,
    });
    await opened.transactions.advance(due.id, claimAttempt(flowAt(1)));
    await opened.transactions.advance(due.id, askForReview({ tenant: due.tenant, detail: "two movements" }, flowAt(2)));
    expect(await raw()).toMatchObject({ dueShard: `review#${due.tenant}`, nextActionAt: "2026-11-20T09:30:02.000Z" });
  });

  test("hold a provider's message even where it is cut within a character", async () => {
    const open = sample(newTenant(), 2, { status: "processing", attempt: "open", attempts: 1 });
    await opened.transactions.create(open);
    const message = `${"x".repeat(199)}💸`;
    const declined = { kind: "declined", code: "provider_declined", message } as const;
    expect((await opened.transactions.advance(open.id, decline(declined, 1, flowAt(1)))).advanced).toBe(true);
  });

  test("spread evenly: no shard of a tenant, nor of what is due, takes more than its share", async () => {
    const tenant = newTenant();
    const all = Array.from({ length: 240 }, (_, n) => sample(tenant, n));
    await Promise.all(all.map((transaction) => opened.transactions.create(transaction)));
    const { Items = [] } = await opened.client.send(new ScanCommand({ TableName: table }));
    const own = Items.filter((item) => item["tenant"]?.S === tenant);
    for (const attribute of ["tenantShard", "dueShard"]) {
      const sizes = new Map<string, number>();
      for (const item of own) {
        const shard = item[attribute]?.S ?? "";
        sizes.set(shard, (sizes.get(shard) ?? 0) + 1);
      }
      expect(sizes.size).toBe(8);
      // Thirty each on average; the ids, and so their spread, are the same in every run.
      expect(Math.max(...sizes.values())).toBeLessThan(50);
    }
  });

  const wrong: Readonly<Record<string, Record<string, unknown>>> = {
    "amount.value": { amount: { value: 19.99, currency: "USD" } },
    "amount.currency": { amount: { value: 1999 } },
    status: { status: "paid" },
    attempts: { attempts: "1" },
    "log.0.status": { log: [{ at: "2026-11-20T09:30:00.000Z", status: "paid", by: "api" }] },
    log: { log: [] },
  };

  test("are read without the members that a newer version wrote: an item that cannot be read cannot be brought to its end", async () => {
    const stored = sample(newTenant());
    await opened.client.send(
      new PutItemCommand({ TableName: table, Item: marshall({ ...stored, unheardOf: { of: "now" } }) }),
    );
    expect(await opened.transactions.get(stored.id, "consistent")).toEqual(stored);
  });

  test.each(Object.entries(wrong))("are refused with the member's name where %s is wrong", async (member, members) => {
    const { id, ...rest } = sample(newTenant());
    await opened.client.send(new PutItemCommand({ TableName: table, Item: marshall({ ...rest, id, ...members }) }));
    const error: unknown = await opened.transactions.get(id, "consistent").catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(`stored transaction ${id} is malformed`);
    expect(String(error)).toContain(member);
  });
});

describe("a stored item", () => {
  test("is read without the attributes that exist for the indexes only", () => {
    const transaction = sample("acme");
    const keys = { tenantShard: "acme#1", listedAt: "x", dueShard: "due#1" };
    expect(parseTransaction({ ...transaction, ...keys })).toStrictEqual(transaction);
  });

  test("keeps its counts beside its members, under short names, and none that is zero", () => {
    const cost = { ...noCost, writeUnits: 7, readHalfUnits: 9, flowMs: 480 };
    const transaction = sample("acme", 0, { cost });
    const { cost: _cost, ...members } = transaction;
    const item = itemOf(transaction);
    expect(item).toMatchObject({ ...members, $w: 7, $r: 9, $d: 480 });
    expect(item).not.toHaveProperty("cost");
    expect(item).not.toHaveProperty("$c");
    expect(parseTransaction(item)).toStrictEqual(transaction);
  });

  test("is read where a count is broken or missing: no transaction is held up by its cost", () => {
    const transaction = sample("acme");
    expect(parseTransaction({ ...transaction, $w: "seven" })).toStrictEqual(transaction);
    expect(parseTransaction({ ...transaction, $w: 7 })).toStrictEqual({
      ...transaction,
      cost: { ...noCost, writeUnits: 7 },
    });
  });

  test("is not read when a member is missing, and the error says which", () => {
    const { fingerprint: _fingerprint, ...rest } = sample("acme");
    expect(() => parseTransaction(rest)).toThrow(/fingerprint/);
  });
});

describe("a database that cannot be reached", () => {
  // Port 1 refuses every connection.
  const client = new DynamoDBClient({
    endpoint: "http://127.0.0.1:1",
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  });
  const transactions = dynamoTransactions(client, table);
  const lists = dynamoTransactionLists(client, table);
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    create: () => transactions.create(sample("acme")),
    get: () => transactions.get("txn_1", "consistent"),
    advance: () => transactions.advance("txn_1", claimAttempt(flowAt(1))),
    list: () => lists.list({ tenant: "acme", limit: 1 }),
    due: () => lists.due(now, 1),
    waiting: () => lists.waiting(now, 1),
    claim: () => dynamoClaims(client, "claims").claim("id", "print", now),
    "a claim's find": () => dynamoClaims(client, "claims").find("id", now),
    "a session's get": () => dynamoSessions(client, "sessions").get("id"),
    "a session's lease": () => dynamoSessions(client, "sessions").lease("id", now, now),
    "a session's release": () => dynamoSessions(client, "sessions").release("id"),
  };

  test.each(Object.entries(calls))("is said to be unavailable, by name: %s", async (_name, call) => {
    await expect(call()).rejects.toThrow(StoreUnavailableError);
  });
});
