/** `batch run` against a service that ends rows as their keys say: what is sent, what is said, and how it ends. */
import { readdir, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fileOf, spendbacksOf, textIn } from "./batch-files.ts";
import { type BatchService, startBatchService } from "./batch-service.ts";
import { type Around, commandOf, moneyback } from "./command.ts";

let service: BatchService;
beforeAll(async () => {
  service = await startBatchService();
});
afterAll(() => service.stop());
beforeEach(() => service.reset());

/** Time passes only where somebody waits for it. */
function clock(): Around {
  let ms = Date.parse("2026-11-20T09:30:00Z");
  return {
    now: () => new Date(ms),
    sleep: async (pauseMs) => {
      ms += pauseMs;
    },
  };
}

const env = () => ({ MONEYBACK_URL: service.url });
const run = (file: string, ...args: string[]) => moneyback(["batch", "run", file, ...args], env(), clock());
const posts = () => service.received.filter(({ method }) => method === "POST");

describe("batch run", () => {
  test("uploads the rows, begins, waits, and shows what became of them", async () => {
    const file = await fileOf(spendbacksOf(["a", "b"]));
    const { code, out } = await run(file);
    expect(code).toBe(0);
    expect(out).toContain(`bat_1  ${basename(file)}  done`);
    expect(out).toMatch(/^ {2}succeeded {2}2 {5}3\.00 USD$/m);
    expect(posts().map(({ path }) => path)).toEqual(["/v1/batches", "/v1/batches/bat_1/start"]);
    expect(posts()[0]?.body).toEqual({
      name: basename(file),
      start: false,
      items: [
        {
          ...{ kind: "spendback", key: "a", connection: "ipayout" },
          amount: { value: 100, currency: "USD" },
          recipient: { id: "ben-alice" },
        },
        {
          ...{ kind: "spendback", key: "b", connection: "ipayout" },
          amount: { value: 200, currency: "USD" },
          recipient: { id: "ben-alice" },
        },
      ],
    });
  });

  test("with --json writes the batch to stdout and nothing else anywhere", async () => {
    const { code, json, error } = await run(await fileOf(spendbacksOf(["a"])), "--json", "--name", "November");
    expect([code, error]).toEqual([0, ""]);
    expect(json()).toMatchObject({ id: "bat_1", name: "November", status: "done", rows: 1, continued: false });
    expect(json()).not.toHaveProperty("failuresFile");
  });

  test("of the same rows under the same name goes on with the same batch, whatever the file looks like", async () => {
    const name = ["--name", "November"];
    await run(await fileOf(spendbacksOf(["a", "b"])), ...name);
    const { code, error } = await run(
      await fileOf(spendbacksOf(["a", "b"]).replaceAll("\n", "\r\n").replaceAll(",", ";")),
      ...name,
    );
    expect([code, service.batches.length]).toEqual([0, 1]);
    expect(error).toContain("This file was uploaded before: continuing bat_1.");
    const asJson = await run(await fileOf(spendbacksOf(["a", "b"])), ...name, "--json");
    expect(asJson.json()).toMatchObject({ id: "bat_1", continued: true });
  });

  test("of other rows, under another name or --again makes another batch", async () => {
    const file = await fileOf(spendbacksOf(["a"]));
    await run(file);
    await run(file, "--name", "other");
    await run(await fileOf(spendbacksOf(["a", "b"])), "--name", basename(file));
    const again = await run(file, "--again");
    expect(again.error).toContain("those that were transactions before stay these, and pay once");
    expect(service.batches.map(({ id }) => id)).toEqual(["bat_1", "bat_2", "bat_3", "bat_4"]);
  });

  test("--at leaves the beginning to the service", async () => {
    const file = await fileOf(spendbacksOf(["a"]));
    const { code, json } = await run(file, "--at", "2026-11-30T09:00:00+01:00", "--no-wait", "--json");
    expect([code, json()["status"]]).toEqual([5, "scheduled"]);
    expect(posts()).toMatchObject([{ path: "/v1/batches", body: { runAt: "2026-11-30T08:00:00.000Z" } }]);
    expect(posts()[0]?.body).not.toHaveProperty("start");
    const later = await run(file, "--at", "2026-12-01", "--no-wait", "--json");
    expect([later.code, later.problem()["code"]]).toEqual([2, "idempotency_key_reused"]);
    expect(later.problem()["detail"]).toContain("uploaded before, with another --at");
  });

  test("--no-wait ends with 5 as soon as the rows are there, and says how to follow them", async () => {
    const { code, out } = await run(await fileOf(spendbacksOf(["a"])), "--no-wait");
    expect([code, out]).toEqual([5, expect.stringContaining("It is still open: moneyback batch watch bat_1")]);
  });

  test.each([
    [["a", "fail-1"], 3],
    [["a", "fail-1", "review-1"], 4],
  ])("of rows that end as %j ends with %i", async (keys, code) => {
    expect((await run(await fileOf(spendbacksOf(keys)))).code).toBe(code);
  });

  test("says where an operator is needed", async () => {
    const { out } = await run(await fileOf(spendbacksOf(["review-1"])));
    expect(out).toContain("moneyback batch items bat_1 --status needs_review");
    expect(out).not.toContain("failures");
  });

  test("of a file whose batch was canceled before it began sends nothing, and advises --again", async () => {
    const file = await fileOf(spendbacksOf(["a"]));
    await run(file, "--at", "2026-11-30", "--no-wait");
    await moneyback(["batch", "cancel", "bat_1"], env());
    const before = posts().length;
    const { code, out } = await run(file, "--at", "2026-11-30");
    expect([code, posts().length]).toEqual([3, before + 1]);
    expect(out).toContain("bat_1");
    expect(out.trimEnd().split("\n").at(-1)).toBe(
      "It was canceled before it began, so its keys are free: --again makes another batch of this file.",
    );
    expect(out).not.toMatch(/retry|--key-suffix|failures/);
    const asJson = await run(file, "--at", "2026-11-30", "--json");
    expect(asJson.json()).not.toHaveProperty("failuresFile");
  });

  test("of a file whose batch was canceled on the way sends nothing, and advises a --key-suffix", async () => {
    const file = await fileOf(spendbacksOf(["a", "b"]));
    service.rowsPerLook = 1;
    await run(file, "--no-wait");
    await moneyback(["batch", "show", "bat_1"], env());
    await moneyback(["batch", "cancel", "bat_1"], env());
    const before = posts().length;
    const { code, out } = await run(file);
    expect([code, posts().length]).toEqual([3, before + 1]);
    const failures = file.replace(".csv", ".failures.csv");
    expect(out).toContain(
      `It was canceled on the way. What did not move is in ${failures}: run that file with a --key`,
    );
    expect(out).not.toMatch(/retry|--again/);
    expect((await textIn(failures)).split("\n")[1]).toMatch(/^spendback,b,.*,canceled,/);
  });

  test("of rows that failed advises a retry", async () => {
    const { out } = await run(await fileOf(spendbacksOf(["fail-1"])));
    expect(out).toContain("Either moneyback batch retry bat_1 tries the same again");
  });
});

describe("a file of failures", () => {
  test("holds the rows that failed as they stood, with why, and never those whose money may have moved", async () => {
    const content = `\ufeffKind;key;connection;recipient.id;amount;metadata.note\r\nspendback;a;ipayout;ben;1 USD;"x;y"\r\n\r\nspendback;fail-1;ipayout;ben;2 USD;"says ""hi"";\r\nbye"\r\nspendback;review-1;ipayout;ben;3 USD;\r\nspendback;fail-2;ipayout;ben;4 USD;\r\n`;
    const file = await fileOf(content);
    const { code, json } = await run(file, "--json");
    expect(code).toBe(4);
    const failures = json()["failuresFile"] as string;
    expect(failures).toBe(file.replace(".csv", ".failures.csv"));
    const why = 'failed;insufficient_funds;"\'=too little; sorry"';
    expect(await textIn(failures)).toBe(
      `\ufeffKind;key;connection;recipient.id;amount;metadata.note;status;code;message;transaction\r\nspendback;fail-1;ipayout;ben;2 USD;"says ""hi"";\r\nbye";${why};txn_fail-1\r\nspendback;fail-2;ipayout;ben;4 USD;;${why};txn_fail-2\r\n`,
    );
  });

  test("runs as it is, under new keys", async () => {
    const file = await fileOf(spendbacksOf(["a", "fail-1"]));
    const failures = (await run(file, "--json")).json()["failuresFile"] as string;
    const { json } = await run(failures, "--key-suffix=-corrected", "--json");
    expect(json()).toMatchObject({ rows: 1 });
    expect(service.batches[1]?.items).toMatchObject([{ key: "fail-1-corrected", amount: { value: 200 } }]);
    const again = json()["failuresFile"] as string;
    expect((await textIn(again)).split("\n")[0]).toBe((await textIn(failures)).split("\n")[0]);
  });

  test("is JSON Lines where the input is", async () => {
    const rows = ["a", "fail-1"].map((key) =>
      JSON.stringify({ kind: "spendback", key, connection: "c", recipient: { id: "r" }, amount: "1 USD" }),
    );
    const file = await fileOf(`${rows.join("\n")}\n`, ".jsonl");
    const failures = (await run(file, "--json")).json()["failuresFile"] as string;
    const [line = "", rest] = (await textIn(failures)).split("\n");
    expect([JSON.parse(line), rest]).toEqual([
      {
        ...{ kind: "spendback", key: "fail-1", connection: "c", recipient: { id: "r" }, amount: "1 USD" },
        ...{ status: "failed", code: "insufficient_funds", message: "=too little; sorry", transaction: "txn_fail-1" },
      },
      "",
    ]);
    expect((await run(failures, "--key-suffix", "x", "--json")).json()).toMatchObject({ rows: 1 });
  });

  test("takes nobody's place, but for one that was named", async () => {
    const file = await fileOf(spendbacksOf(["fail-1"]));
    const named = await fileOf("old");
    const first = file.replace(".csv", ".failures.csv");
    const failuresOf = async (...args: string[]) => (await run(file, "--json", ...args)).json()["failuresFile"];
    expect(await failuresOf()).toBe(first);
    const corrected = (await textIn(first)).replace("1.00 USD", "9.00 USD");
    await writeFile(first, corrected);
    const second = file.replace(".csv", ".failures-2.csv");
    expect([await failuresOf(), await failuresOf("--failures", named)]).toEqual([second, named]);
    expect(await textIn(first)).toBe(corrected);
    // One that holds the same already is left as it is, and named.
    expect([await failuresOf(), await failuresOf()]).toEqual([second, second]);
    const stem = basename(file, ".csv");
    expect((await readdir(dirname(file))).filter((name) => name.startsWith(`${stem}.failures`)).sort()).toEqual([
      `${stem}.failures-2.csv`,
      `${stem}.failures.csv`,
    ]);
    expect(await textIn(named)).toContain("fail-1");
    const { code, problem } = await run(file, "--failures", file, "--json");
    expect([code, problem()["detail"]]).toEqual([1, expect.stringContaining("is the file itself")]);
    expect(await textIn(file)).toBe(spendbacksOf(["fail-1"]));
  });

  test("that cannot be written hides nothing else", async () => {
    const file = await fileOf(spendbacksOf(["fail-1"]));
    const { code, out, error } = await run(file, "--failures", `${file}/failures.csv`);
    expect([code, out]).toEqual([3, expect.stringContaining("bat_1")]);
    expect(error).toContain("To see them: moneyback batch items bat_1 --status failed");
  });

  test("has the canceled rows, too, in their order, over several pages", async () => {
    const keys = Array.from({ length: 250 }, (_, at) => (at % 2 === 0 ? `fail-${at}` : `k-${at}`));
    const file = await fileOf(spendbacksOf(keys));
    service.rowsPerLook = 240;
    await run(file, "--no-wait");
    await moneyback(["batch", "show", "bat_1"], env());
    await moneyback(["batch", "cancel", "bat_1"], env());
    const { json } = await run(file, "--json");
    expect(json()["counts"]).toMatchObject({ succeeded: 120, failed: 120, canceled: 10 });
    const lines = (await textIn(json()["failuresFile"] as string)).trimEnd().split("\n").slice(1);
    expect(lines.map((line) => line.split(",")[1])).toEqual(
      keys.filter((key, at) => key.startsWith("fail-") || at >= 240),
    );
  });
});

describe("nothing is sent", () => {
  test("where a row is wrong: each is named, by line and column", async () => {
    const content = `${spendbacksOf(["a"])}spendback,b,ipayout,ben,"1,00 USD"\nspendback,a,,ben,1 USD\n`;
    const file = await fileOf(content);
    const { code, out, error } = await run(file);
    expect([code, out, service.received]).toEqual([1, "", []]);
    expect(error).toBe(
      `error: ${file} has 3 mistakes, and nothing of it moves.\n  line 3, amount: "1,00" has a decimal comma: write a point before the decimals, 1.00\n  line 4, connection: is required\n  line 4, key: "a" is the key of line 2 already: two payments need two keys\n`,
    );
    const asJson = await run(file, "--json");
    expect(asJson.problem()).toMatchObject({
      code: "wrong_file",
      errors: [
        { path: "line 3, amount", line: 3, row: 2, column: "amount", message: expect.any(String) },
        { path: "line 4, connection", line: 4, row: 3, column: "connection", message: "is required" },
        { path: "line 4, key", line: 4, row: 3, column: "key", message: expect.any(String) },
      ],
    });
  });

  test("where the command line makes no sense", async () => {
    const file = await fileOf(spendbacksOf(["a"]));
    for (const args of [
      ["--at", "tomorrow"],
      ["--at", "2026-11-30T09:00:00"],
      ["--kind", "gift"],
      ["--name", " "],
      ["--wait"],
    ]) {
      expect([args, (await run(file, ...args)).code]).toEqual([args, 1]);
    }
    expect(service.received).toEqual([]);
  });

  test("and what the API refuses is named by the file's own lines", async () => {
    const file = await fileOf(`${spendbacksOf(["a"])}\n${spendbacksOf(["b", "c"]).split("\n").slice(1).join("\n")}`);
    service.refused.set("b", { field: "amount.value", message: "is too much" });
    service.refused.set("c", { field: "key", message: "stands for another spendback already" });
    const { code, problem } = await run(file, "--json");
    expect([code, service.batches]).toEqual([2, []]);
    expect(problem()["errors"]).toEqual([
      { path: "line 4, amount", line: 4, row: 2, column: "amount", message: "is too much" },
      { path: "line 5, key", line: 5, row: 3, column: "key", message: "stands for another spendback already" },
    ]);
  });
});

describe("more rows than one call takes", () => {
  const keys = Array.from({ length: 10_001 }, (_, at) => `k-${at}`);
  const whole = spendbacksOf(keys);

  test("are all checked before the first is stored, and stored before the first begins", async () => {
    const { code } = await run(await fileOf(whole));
    expect(code).toBe(0);
    expect(
      posts().map(({ path, body }) => [path, (body?.["items"] as unknown[] | undefined)?.length, body?.["dryRun"]]),
    ).toEqual([
      ["/v1/batches", 5_000, true],
      ["/v1/batches", 5_000, true],
      ["/v1/batches", 1, true],
      ["/v1/batches", 5_000, undefined],
      ["/v1/batches/bat_1/items", 5_000, undefined],
      ["/v1/batches/bat_1/items", 1, undefined],
      ["/v1/batches/bat_1/start", undefined, undefined],
    ]);
    expect(service.batches[0]?.items.map(({ key }) => key)).toEqual(keys);
  });

  test("are refused together, wherever the wrong ones stand", async () => {
    service.refused.set("k-1", { field: "connection", message: "There is none." });
    service.refused.set("k-10000", { field: "connection", message: "There is none." });
    const { code, problem } = await run(await fileOf(whole), "--json");
    expect([code, service.batches]).toEqual([2, []]);
    expect(problem()["errors"]).toMatchObject([
      { line: 3, row: 2 },
      { line: 10_002, row: 10_001 },
    ]);
  });
});

test("a service that is gone for a while is asked again, with the same keys", async () => {
  for (let at = 0; at < 6; at++) service.faults.set(at, at % 2 === 0 ? "lost answer" : "lost call");
  const { code, error } = await run(await fileOf(spendbacksOf(["a", "b"])));
  expect([code, service.batches.length]).toEqual([0, 1]);
  expect(service.batches[0]?.items).toHaveLength(2);
  expect(error).toContain("The service does not answer; trying again.");
});

test("a service that stays away ends the command with 6, and the advice to run it again", async () => {
  const file = await fileOf(spendbacksOf(["a"]));
  const { code, problem } = await moneyback(
    ["batch", "run", file, "--json"],
    { MONEYBACK_URL: "http://127.0.0.1:9" },
    clock(),
  );
  expect([code, problem()["code"]]).toEqual([6, "unreachable"]);
  expect(problem()["detail"]).toContain("The same command goes on where this one ended.");
});

describe("--dry-run", () => {
  test("says what would become of each row, and stores nothing", async () => {
    const { code, out } = await run(await fileOf(spendbacksOf(["a", "fail-1"])), "--dry-run");
    expect(code).toBe(3);
    expect(out).toContain("line 3: refused, refund_exceeds_remaining: Only 5.00 USD are left.");
    expect(out).toContain(
      "2 rows, 3.00 USD, of which 2.00 USD would be refused: 1 would be accepted, 1 refused, 0 cannot be told; 0 are transactions already.",
    );
    expect(service.batches).toEqual([]);
    const good = await run(await fileOf(spendbacksOf(["a"])), "--dry-run");
    expect([good.code, good.out]).toEqual([0, expect.stringContaining("1 rows, 1.00 USD: 1 would be accepted")]);
  });

  test("adds up over all calls", async () => {
    const keys = Array.from({ length: 5_002 }, (_, at) => (at === 5_001 ? "fail-1" : `k-${at}`));
    const { json } = await run(await fileOf(spendbacksOf(keys)), "--dry-run", "--json");
    expect(json()).toMatchObject({
      ...{ dryRun: true, rows: 5_002, counts: { accepted: 5_001, repeated: 0, refused: 1, unchecked: 0 } },
      amounts: { USD: { total: 1_251_250_300, accepted: 1_250_750_100, refused: 500_200 } },
    });
    expect((json()["items"] as { row: number }[]).map(({ row }) => row)).toEqual(keys.map((_, at) => at + 1));
  });
});

describe("progress", () => {
  const keys = Array.from({ length: 40 }, (_, at) => `k-${at}`);

  test("is a line that is written over where a person looks", async () => {
    service.rowsPerLook = 10;
    const { out, error } = await moneyback(
      ["batch", "run", await fileOf(spendbacksOf(keys))],
      { ...env(), NO_COLOR: "1" },
      { ...clock(), isTTY: true, columns: 120 },
    );
    expect(error).not.toContain("\n");
    const shown = error.split("\r\u001b[2K").map((text) => text.trim());
    expect(shown.some((text) => text.startsWith("Uploading 40 rows"))).toBe(true);
    expect(shown).toContainEqual(
      expect.stringMatching(/^\[█{10}░{10}\] 20\/40 50% · \S+\/s · \d+ s left · 20 succeeded$/),
    );
    expect(shown.at(-1)).toBe("");
    expect(out).toContain("bat_1");
  });

  test("is a line now and then where nobody looks", async () => {
    service.rowsPerLook = 1;
    const { error } = await run(await fileOf(spendbacksOf(keys)));
    const lines = error.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.length).toBeLessThan(10);
    for (const line of lines) expect(line).toMatch(/^\d+\/40 \d+%/);
  });

  test("fits a narrow terminal", async () => {
    service.rowsPerLook = 10;
    const narrow = { ...clock(), isTTY: true, columns: 30 };
    const { error } = await moneyback(
      ["batch", "run", await fileOf(spendbacksOf(keys))],
      { ...env(), NO_COLOR: "1" },
      narrow,
    );
    for (const text of error.split("\r\u001b[2K")) expect([...text].length).toBeLessThan(30);
  });
});

describe("Ctrl-C", () => {
  /** What it says while the command waits for the n-th time. */
  async function interruptedAt(wait: number, prepare: () => void = () => undefined): Promise<string> {
    prepare();
    const file = await fileOf(spendbacksOf(["a"]));
    let waits = 0;
    let said = "";
    const command = commandOf(["batch", "run", file], env(), {
      ...clock(),
      sleep: async () => {
        if (waits++ !== wait) return;
        const before = command.output.error.length;
        expect(command.interrupt()).toBe(130);
        said = command.output.error.slice(before);
        service.rowsPerLook = 1;
      },
    });
    await command.ended();
    return said;
  }

  test("leaves the batch running, and says how to follow it", async () => {
    expect(await interruptedAt(0, () => (service.rowsPerLook = 0))).toBe(
      "Interrupted. The batch goes on: moneyback batch watch bat_1\n",
    );
  });

  test("while the rows are uploaded says that nothing moves, and how to go on", async () => {
    const lostCreation = await interruptedAt(0, () => service.faults.set(0, "lost call"));
    expect(lostCreation).toContain("Nothing was sent.");
    service.reset();
    const lostStart = await interruptedAt(0, () => service.faults.set(1, "lost call"));
    expect(lostStart).toContain("bat_1 is not started, and nothing of it moves; the same command goes on");
  });
});

test("no file is left beside the input where nothing failed", async () => {
  const file = await fileOf(spendbacksOf(["a"]), ".only.csv");
  await run(file);
  const beside = (await readdir(dirname(file))).filter((name) => name.includes(basename(file, ".csv")));
  expect(beside).toEqual([basename(file)]);
});
