/** Facts about what a person at a terminal sees, and is asked. */
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { confirmed, personAt } from "../../cli/confirm.ts";
import { tableOf } from "../../cli/table.ts";
import { plain, terminalOf } from "../../cli/terminal.ts";

type Options = {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly isJson?: boolean;
  readonly environment?: Record<string, string>;
};

function stage({ isTTY = true, columns = 80, isJson = false, environment = {} }: Options = {}) {
  const stdout = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY, columns });
  const terminal = terminalOf({ stdout, stderr, isJson, environment });
  return { terminal, stdout, written: () => String(stdout.read() ?? ""), noted: () => String(stderr.read() ?? "") };
}

describe("a terminal", () => {
  test("has colours", () => {
    expect(stage().terminal.paint("red", "no")).toBe("\u001b[31mno\u001b[0m");
  });

  test.each([
    { isTTY: false },
    { environment: { NO_COLOR: "1" } },
    { environment: { TERM: "dumb" } },
    { isJson: true },
  ])("has none with %j", (options) => {
    expect(stage(options).terminal.paint("red", "no")).toBe("no");
  });

  test("shows the text to people and the value with --json, and never both", () => {
    const people = stage();
    people.terminal.show({ a: 1 }, () => "one");
    people.terminal.say("two");
    people.terminal.note("three", { b: 2 });
    expect([people.written(), people.noted()]).toEqual(["one\ntwo\n", "three\n"]);
    const machine = stage({ isJson: true, isTTY: false });
    machine.terminal.show({ a: 1 }, () => "one");
    machine.terminal.say("two");
    machine.terminal.note("three", { b: 2 });
    machine.terminal.note("four");
    expect([machine.written(), machine.noted()]).toEqual(['{"a":1}\n', '{"b":2}\n']);
  });

  test("that is gone is written to no more", () => {
    const { terminal, stdout, written } = stage();
    expect(terminal.isClosed()).toBe(false);
    stdout.emit("error", Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
    expect(terminal.isClosed()).toBe(true);
    terminal.say("nobody hears this");
    expect(written()).toBe("");
  });

  test("is not steered by what somebody else wrote", () => {
    expect(plain("a\u001b]0;b\u0007c\r\nd\u202ee\u009bf")).toBe("a\ufffd]0;b\ufffdc\ufffd\ufffdd\ufffde\ufffdf");
    expect(plain("Zoë – 19,99 €")).toBe("Zoë – 19,99 €");
  });
});

describe("a question", () => {
  test.each(["y", "Y", "yes", " YES "])("is agreed to with %j", async (answer) => {
    expect(await confirmed("Really?", async () => answer)).toBe(true);
  });

  test.each(["", "n", "no", "yess", "ja", undefined])("is not agreed to with %j", async (answer) => {
    expect(await confirmed("Really?", async () => answer)).toBe(false);
  });

  const never = async (): Promise<never> => {
    throw new Error("nobody is there");
  };
  const person = (isTTY: boolean) => {
    const input = Object.assign(new PassThrough(), { isTTY });
    const output = Object.assign(new PassThrough(), { isTTY });
    const ask = personAt(input as unknown as NodeJS.ReadStream, output as unknown as NodeJS.WriteStream);
    return { ask, input, output };
  };

  test("is asked of a person at a terminal, who may type or leave", async () => {
    const { ask, input, output } = person(true);
    const agreed = confirmed("Really?", ask ?? never);
    expect(String(output.read())).toContain("Really? [y/N] ");
    input.write("yes\n");
    expect(await agreed).toBe(true);
    const other = person(true);
    other.input.end();
    expect(await confirmed("Really?", other.ask ?? never)).toBe(false);
  });

  test("is asked of nobody where there is no terminal", () => {
    expect(person(false).ask).toBeUndefined();
  });
});

describe("a table", () => {
  test("stays in line over its pages, below one heading", () => {
    const table = tableOf<{ a: string; b: string }>([
      { heading: "A", cell: ({ a }) => a },
      { heading: "B", cell: ({ b }) => b, paint: (text) => `<${text}>` },
    ]);
    expect(table.lines([{ a: "long one", b: "x" }])).toBe("A         B\nlong one  <x>");
    expect(table.lines([{ a: "s", b: "y" }])).toBe("s         <y>");
  });
});

describe("a line that is written over", () => {
  test("is gone before anything else is written, and no wider than the terminal", () => {
    const { terminal, written, noted } = stage({ columns: 10 });
    terminal.live("one");
    terminal.live("a line of more than ten");
    terminal.note("two");
    terminal.say("three");
    expect(noted()).toBe("\r\u001b[2Kone\r\u001b[2Ka line of\r\u001b[2Ktwo\n");
    expect(written()).toBe("three\n");
  });

  test.each([{ isTTY: false }, { isJson: true }, { environment: { TERM: "dumb" } }])(
    "is not there with %j",
    (options) => {
      const { terminal, noted } = stage(options);
      terminal.live("one");
      expect([noted(), terminal.liveColumns]).toEqual(["", undefined]);
    },
  );
});
