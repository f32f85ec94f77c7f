/** `batch list|show|watch|items|start|cancel|retry|template` against a service that ends rows as their keys say. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { planOf } from "../../cli/batch/plan.ts";
import { rowFileOf } from "../../cli/batch/rows.ts";
import { fileOf, spendbacksOf } from "./batch-files.ts";
import { type BatchService, startBatchService } from "./batch-service.ts";
import { moneyback } from "./command.ts";

let service: BatchService;
beforeAll(async () => {
  service = await startBatchService();
});
afterAll(() => service.stop());
beforeEach(() => service.reset());

const batch = (...args: string[]) =>
  moneyback(["batch", ...args], { MONEYBACK_URL: service.url }, { sleep: () => Promise.resolve() });
const uploaded = async (...keys: string[]) => {
  service.rowsPerLook = 0;
  await batch("run", await fileOf(spendbacksOf(keys)), "--name", "November", "--no-wait");
  service.rowsPerLook = Number.POSITIVE_INFINITY;
};
const lastCall = () => service.received.at(-1);

describe("batch show", () => {
  test("shows what the batch came to, by status and currency", async () => {
    await uploaded("a", "b", "fail-1");
    const { code, out } = await batch("show", "bat_1");
    expect(code).toBe(0);
    expect(out).toMatch(/^bat_1 {2}November {2}done\n {2}rows +3\n/);
    expect(out).toMatch(/^ {2}STATUS +ROWS +AMOUNT$/m);
    expect(out).toMatch(/^ {2}succeeded +2 +3\.00 USD$/m);
    expect(out).toMatch(/^ {2}failed +1 +3\.00 USD$/m);
    expect((await batch("show", "bat_1", "--json")).json()).toMatchObject({ id: "bat_1", rows: 3 });
  });

  test("of what is not there is refused", async () => {
    const { code, problem } = await batch("show", "bat_9/..", "--json");
    expect([code, problem()["code"]]).toEqual([2, "not_found"]);
    expect(lastCall()?.path).toBe("/v1/batches/bat_9%2F..");
  });
});

describe("batch watch", () => {
  test.each([
    [["a"], 0],
    [["a", "fail-1"], 3],
    [["fail-1", "review-1"], 4],
  ])("of rows that end as %j ends with %i", async (keys, code) => {
    await uploaded(...keys);
    const watched = await batch("watch", "bat_1");
    expect([watched.code, watched.out]).toEqual([code, expect.stringContaining("bat_1")]);
  });

  test("ends with 5 when the wait ends first", async () => {
    await uploaded("a");
    service.rowsPerLook = 0;
    const { code, json } = await batch("watch", "bat_1", "--wait", "0", "--json");
    expect([code, json()["status"]]).toEqual([5, "running"]);
  });

  test("goes on while the service is gone", async () => {
    await uploaded("a");
    const next = service.received.length;
    service.faults.set(next, "lost call").set(next + 1, "lost answer");
    expect((await batch("watch", "bat_1")).code).toBe(6);
    service.rowsPerLook = 0;
    await uploaded("b");
    service.faults.set(service.received.length + 1, "lost call").set(service.received.length + 2, "lost answer");
    expect((await batch("watch", "bat_2")).code).toBe(0);
  });
});

describe("batch start, cancel, retry", () => {
  test.each([
    ["start", "running"],
    ["cancel", "canceled"],
    ["retry", "running"],
  ])("%s makes its call, and shows the batch", async (name, status) => {
    await uploaded("a", "b");
    const { code, json } = await batch(name, "bat_1", "--json");
    expect([code, json()["status"]]).toEqual([0, status]);
    expect(lastCall()).toMatchObject({ method: "POST", path: `/v1/batches/bat_1/${name}`, key: expect.any(String) });
    expect((await batch(name, "bat_1")).out).toContain("bat_1  November");
  });

  test("of a closed one is refused", async () => {
    await uploaded("a");
    await batch("cancel", "bat_1");
    const { code, problem } = await batch("retry", "bat_1", "--json");
    expect([code, problem()["code"]]).toEqual([2, "batch_closed"]);
  });
});

describe("batch items", () => {
  test("shows each row's truth, in order", async () => {
    await uploaded("a", "fail-1");
    await batch("show", "bat_1");
    const { code, out } = await batch("items", "bat_1");
    expect(code).toBe(0);
    expect(out).toMatch(/^ROW +KIND +STATUS +AMOUNT +KEY +TRANSACTION +FAILURE$/m);
    expect(out).toMatch(/^1 +spendback +succeeded +1\.00 USD +a +txn_a$/m);
    expect(out).toMatch(
      /^2 +spendback +failed +2\.00 USD +fail-1 +txn_fail-1 +insufficient_funds: =too little; sorry$/m,
    );
    const failed = await batch("items", "bat_1", "--status", "failed", "--json");
    expect(failed.json()).toMatchObject({ items: [{ row: 2, status: "failed" }] });
  });

  test("pages", async () => {
    await uploaded(...Array.from({ length: 120 }, (_, at) => `k-${at}`));
    expect((await batch("items", "bat_1")).error).toContain("There may be more: --all, or --cursor 25");
    const all = await batch("items", "bat_1", "--all", "--json");
    expect(all.json<{ items: unknown[] }>().items).toHaveLength(120);
    const rest = await batch("items", "bat_1", "--cursor", "118", "--limit", "10", "--json");
    expect(rest.json()).toMatchObject({ items: [{ row: 119 }, { row: 120 }] });
  });
});

describe("batch list", () => {
  test("shows batches, newest first", async () => {
    expect((await batch("list")).error).toBe("There are none.\n");
    await uploaded("a");
    await uploaded("b", "c");
    const { out } = await batch("list");
    expect(out).toMatch(/^ID +STATUS +ROWS +CREATED +NAME$/m);
    expect(out).toMatch(/^bat_2 +running +2 +2026-\S+ +November$/m);
    expect(out.indexOf("bat_2")).toBeLessThan(out.indexOf("bat_1"));
    expect((await batch("list", "--all", "--json")).json<{ items: unknown[] }>().items).toHaveLength(2);
  });
});

describe("batch template", () => {
  test.each(
    ["spendback", "refund", "cashback"].flatMap((kind) => [
      [kind, ".csv"],
      [kind, ".jsonl"],
    ]),
  )("of a %s writes rows that run takes as %s, as they are", async (kind, ending) => {
    const { code, out } = await batch("template", kind, ...(ending === ".jsonl" ? ["--jsonl"] : []));
    expect(code).toBe(0);
    const { rows } = await planOf(rowFileOf(await fileOf(out, ending), {}));
    expect(rows).toBe(2);
    expect(out).toContain(kind);
  });

  test("is one JSON value with --json, and of no other kind", async () => {
    expect((await batch("template", "refund", "--json")).json()).toMatchObject({ kind: "refund", format: "csv" });
    const { code, error } = await batch("template", "gift");
    expect([code, error]).toEqual([1, expect.stringContaining("Allowed choices are spendback, refund, cashback")]);
  });
});
