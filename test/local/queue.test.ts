/** The local queues: nothing is lost before it is deleted, restarts and torn writes included. */
import { appendFileSync, readFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { createQueue } from "../../local/queue.ts";
import { fileJournal } from "../../local/queue-journal.ts";

let nowMs = 0;
const now = () => new Date(nowMs);
beforeEach(() => {
  nowMs = 1_000;
});
const hiddenMs = 30_000;

describe("a message", () => {
  test("is received in the order of sending, and hidden from others for the time that was asked", () => {
    const queue = createQueue({ now });
    queue.send("one");
    queue.send("two");
    queue.send("three");
    expect(queue.receive({ count: 2, hiddenMs }).map(({ body }) => body)).toEqual(["one", "two"]);
    expect(queue.receive({ count: 2, hiddenMs }).map(({ body }) => body)).toEqual(["three"]);
    expect(queue.receive({ count: 2, hiddenMs })).toEqual([]);
    expect(queue.depth()).toBe(3);
    nowMs += hiddenMs;
    expect(queue.receive({ count: 1, hiddenMs })).toMatchObject([{ body: "one", receiveCount: 2, sentAtMs: 1_000 }]);
  });

  test("is gone once it was deleted, by any of its receipts, and only then", () => {
    const queue = createQueue({ now });
    queue.send("one");
    const [first] = queue.receive({ count: 1, hiddenMs: 0 });
    queue.receive({ count: 1, hiddenMs: 0 });
    expect(queue.delete("stranger")).toBe(false);
    expect(queue.depth()).toBe(1);
    expect(queue.delete(first?.receipt ?? "")).toBe(true);
    expect(queue.delete(first?.receipt ?? "")).toBe(false);
    expect([queue.depth(), queue.peek(), queue.receive({ count: 1, hiddenMs })]).toEqual([0, [], []]);
  });
});

describe("a queue in a file", () => {
  const fileIn = async () => join(await mkdtemp(join(tmpdir(), "moneyback-queue-")), "queue.jsonl");

  test("holds after a restart what was sent and not deleted, and shows it at once", async () => {
    const file = await fileIn();
    const before = createQueue({ journal: fileJournal(file), now });
    const bodies = ["one", 'two\n"2"', "three"];
    for (const body of bodies) before.send(body);
    const [received] = before.receive({ count: 1, hiddenMs });
    before.delete(received?.receipt ?? "");
    const sent = before.peek();
    const after = createQueue({ journal: fileJournal(file), now });
    expect(after.peek()).toEqual(sent);
    expect(after.receive({ count: 10, hiddenMs }).map(({ body }) => body)).toEqual(['two\n"2"', "three"]);
  });

  test("bears a last line that a crash cut short, and goes on behind it", async () => {
    const file = await fileIn();
    createQueue({ journal: fileJournal(file), now }).send("one");
    appendFileSync(file, '{"sent":{"id":"x","bo');
    createQueue({ journal: fileJournal(file), now }).send("two");
    expect(
      createQueue({ journal: fileJournal(file), now })
        .peek()
        .map(({ body }) => body),
    ).toEqual(["one", "two"]);
  });

  test("does not grow by what was deleted before a restart", async () => {
    const file = await fileIn();
    const queue = createQueue({ journal: fileJournal(file), now });
    for (let index = 0; index < 20; index += 1) queue.send("x");
    for (const { receipt } of queue.receive({ count: 20, hiddenMs })) queue.delete(receipt);
    expect(readFileSync(file, "utf8").split("\n")).toHaveLength(41);
    createQueue({ journal: fileJournal(file), now });
    expect(readFileSync(file, "utf8")).toBe("");
  });
});
