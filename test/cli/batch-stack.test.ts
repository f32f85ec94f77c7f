/** `batch` on a whole stack: what the service in memory is taken for, the real one is. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "../../local/stack.ts";
import { fileOf, textIn } from "./batch-files.ts";
import { moneyback } from "./command.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ port: 0, sandboxPort: 0, awsPort: 0, clock: true });
});
afterAll(() => stack.stop());

const batch = (...args: string[]) => moneyback(["batch", ...args, "--json"], { MONEYBACK_URL: stack.apiUrl });
const header = "kind,key,connection,recipient.id,amount\n";

test.each(["spendback", "refund", "cashback"])("a template of %ss succeeds as it is, and once", async (kind) => {
  const { text } = (await batch("template", kind)).json<{ text: string }>();
  const file = await fileOf(text);
  const asked = await batch("run", file, "--dry-run");
  expect([asked.code, asked.json()["counts"]]).toMatchObject([0, { accepted: 2 }]);
  const { code, json } = await batch("run", file);
  expect([code, json()["counts"]]).toMatchObject([0, { succeeded: 2 }]);
  const id = json()["id"] as string;
  const again = await batch("run", file);
  expect(again.json()).toMatchObject({ id, rows: 2, continued: true });
  expect((await batch("list")).json()).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ id })]),
  });
  const { items } = (await batch("items", id)).json<{ items: { row: number; transaction: object }[] }>();
  expect(items).toMatchObject([
    { row: 1, transaction: { status: "succeeded", batch: id } },
    { row: 2, transaction: { status: "succeeded", batch: id } },
  ]);
});

test("what failed is corrected and run again", async () => {
  const rows = "spendback,poor-1,ipayout,ben-bob,999999.00 USD\nspendback,rich-1,ipayout,ben-bob,1.00 USD\n";
  const { code, json } = await batch("run", await fileOf(header + rows));
  expect([code, json()["counts"]]).toMatchObject([3, { succeeded: 1, failed: 1 }]);
  const failures = await textIn(json()["failuresFile"] as string);
  expect(failures.split("\n")[1]).toMatch(
    /^spendback,poor-1,ipayout,ben-bob,999999\.00 USD,failed,insufficient_funds,/,
  );
  const corrected = await fileOf(failures.replace("999999.00", "1.00"));
  const refused = await batch("run", corrected);
  expect([refused.code, refused.problem()["errors"]]).toMatchObject([2, [{ line: 2, row: 1, column: "key" }]]);
  expect((await batch("run", corrected, "--key-suffix=-b")).json()["counts"]).toMatchObject({ succeeded: 1 });
});

test("what a batch and its transactions cost is told", async () => {
  const env = { MONEYBACK_URL: stack.apiUrl };
  const file = await fileOf(`${header}spendback,cost-1,ipayout,ben-alice,1 USD\n`);
  const cost = /^ {2}cost {11}0\.0000\d+ USD at AWS's list prices$/m;
  expect((await moneyback(["batch", "run", file], env)).out).toMatch(cost);
  const { id } = (await batch("run", file)).json<{ id: string }>();
  const { items } = (await batch("items", id)).json<{ items: { transaction: { id: string } }[] }>();
  const shown = await moneyback(["transactions", "show", items[0]?.transaction.id ?? ""], env);
  expect(shown.out).toMatch(cost);
});

test("a dry run says how much would be refused, and what is left in decimals", async () => {
  const rows = "refund,dry-1,paysafe,stl-100,5.98 USD\nrefund,dry-2,paysafe,stl-100,100.00 USD\n";
  const file = await fileOf(`kind,key,connection,original,amount\n${rows}`);
  const { code, out } = await moneyback(["batch", "run", file, "--dry-run"], { MONEYBACK_URL: stack.apiUrl });
  expect(code).toBe(3);
  expect(out).toMatch(/^line 3: refused, refund_exceeds_remaining: Of this original \d+\.\d\d USD are left to refund/);
  expect(out).toContain("2 rows, 105.98 USD, of which 100.00 USD would be refused: 1 would be accepted, 1 refused,");
});

test("what the API refuses is named by line and column", async () => {
  const content = `${header}spendback,k-1,ipayout,ben,1 USD\n\nspendback,k-2,nowhere,ben,1 USD\n`;
  const { code, problem } = await batch("run", await fileOf(content));
  expect([code, problem()["errors"]]).toMatchObject([2, [{ path: "line 4, connection", line: 4, row: 2 }]]);
});

test("one that waits for its time is begun, or taken back", async () => {
  const rowOf = (key: string) => fileOf(`${header}spendback,${key},ipayout,ben-alice,1 USD\n`);
  const at = ["--at", new Date(Date.now() + 86_400_000).toISOString(), "--no-wait"];
  const first = await batch("run", await rowOf("later-1"), ...at);
  expect([first.code, first.json()["status"]]).toEqual([5, "scheduled"]);
  const begun = first.json()["id"] as string;
  expect((await batch("start", begun)).code).toBe(0);
  expect((await batch("watch", begun)).code).toBe(0);
  const file = await rowOf("later-2");
  const other = (await batch("run", file, ...at)).json()["id"] as string;
  expect((await batch("cancel", other)).code).toBe(0);
  const canceled = await batch("watch", other);
  expect([canceled.code, canceled.json()["counts"]]).toMatchObject([3, { canceled: 1 }]);
  expect((await batch("retry", other)).problem()["code"]).toBe("batch_closed");
  // Its keys are free: nothing of it had begun.
  const again = await batch("run", file, "--again");
  expect([again.code, again.json()["counts"]]).toMatchObject([0, { succeeded: 1 }]);
});
