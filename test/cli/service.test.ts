/** Facts about the service that a command calls: where it is, with which key, and what it may answer. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { moneyback } from "./command.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

let server: Server;
let url: string;
let answers: (Answer | "hang up")[] = [];
let received: { method: string; url: string; authorization: string | undefined; key: unknown }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    const { method = "", headers } = request;
    const { authorization } = headers;
    received.push({ method, url: request.url ?? "", authorization, key: headers["idempotency-key"] });
    // The last answer stays.
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === undefined || answer === "hang up") return void request.socket.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  answers = [];
  received = [];
});

const json = (status: number, body: object): Answer => ({ status, body: JSON.stringify(body) });
const transaction = (status: string) =>
  json(200, {
    id: "txn_1",
    kind: "spendback",
    status,
    connection: "c",
    provider: "p",
    attempts: 1,
    createdAt: "2026-11-20T09:30:00.000Z",
    updatedAt: "2026-11-20T09:30:00.000Z",
    log: [{ at: "2026-11-20T09:30:00.000Z", status, by: "api" }],
  });
const show = ["transactions", "show", "txn_1", "--json"];
const send = ["spendback", "--connection", "c", "--recipient-id", "a", "--amount", "1 USD", "--key", "k-1", "--json"];

describe("the service", () => {
  test("is called with the local key on this machine, and with the key that is set everywhere", async () => {
    answers = [transaction("succeeded")];
    await moneyback(show, { MONEYBACK_URL: `${url}/` });
    await moneyback(show, { MONEYBACK_URL: `${url}/stage/`, MONEYBACK_API_KEY: " mbk_own " });
    expect(received).toMatchObject([
      { url: "/v1/transactions/txn_1", authorization: "Bearer mbk_local" },
      { url: "/stage/v1/transactions/txn_1", authorization: "Bearer mbk_own" },
    ]);
  });

  test.each([
    [{ MONEYBACK_URL: "https://moneyback.example" }, "MONEYBACK_API_KEY is not set"],
    [{ MONEYBACK_URL: "moneyback.example" }, "is no URL"],
    [{ MONEYBACK_URL: "ftp://moneyback.example" }, "is no URL"],
    [{ MONEYBACK_URL: "https://user:secret@moneyback.example" }, "the address alone"],
    [{ MONEYBACK_URL: "https://moneyback.example/?a=b" }, "the address alone"],
    [{ MONEYBACK_API_KEY: "mbk_schlüssel" }, "printable ASCII"],
  ])("is not called with %j", async (env, why) => {
    const { code, out, problem } = await moneyback(show, env);
    expect([code, out, problem()["code"]]).toEqual([1, "", "usage"]);
    expect(problem()["detail"]).toContain(why);
    expect(problem()["detail"]).not.toContain("secret");
  });

  test("that nobody runs ends a command with 6", async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    const { code, out, problem } = await moneyback(show, { MONEYBACK_URL: `http://127.0.0.1:${port}` });
    expect([code, out, problem()["code"]]).toEqual([6, "", "unreachable"]);
    expect(problem()["detail"]).toContain("nobody listens there");
  });

  test.each([
    ["a page of something else", { status: 200, body: "<html>" }, 1, "unexpected_answer"],
    ["a list where an object belongs", { status: 200, body: "[]" }, 1, "unexpected_answer"],
    ["a page that is not there", { status: 404, body: "<html>" }, 1, "unexpected_answer"],
    [
      "a redirect",
      { status: 307, body: "", headers: { location: "https://elsewhere.example" } },
      1,
      "unexpected_answer",
    ],
    ["its own fault", json(500, { code: "internal", detail: "Something", requestId: "r" }), 1, "internal"],
    ["a refusal", json(403, { code: "forbidden", detail: "No" }), 2, "forbidden"],
    ["a gateway's refusal", json(429, { message: "Too Many Requests" }), 2, "refused_by_gateway"],
    ["a gateway's trouble", { status: 502, body: "Bad Gateway" }, 6, "unreachable"],
    ["nothing", "hang up", 6, "unreachable"],
  ] as const)("that answers with %s ends a command", async (_what, answer, code, problemCode) => {
    answers = [answer];
    const { code: ended, out, problem } = await moneyback(show, { MONEYBACK_URL: url });
    expect([ended, out, problem()["code"]]).toEqual([code, "", problemCode]);
    expect(received).toHaveLength(1);
  });

  test("that hangs up on a movement is not asked twice; the key is told, with which a repeat is safe", async () => {
    answers = ["hang up"];
    const { code, out, problem } = await moneyback(send, { MONEYBACK_URL: url });
    expect([code, out]).toEqual([6, ""]);
    expect(problem()).toMatchObject({ code: "unreachable", idempotencyKey: "k-1" });
    expect(problem()["detail"]).toContain("repeat it with --key k-1");
    expect(received).toMatchObject([{ method: "POST", url: "/v1/spendbacks", key: "k-1" }]);
  });

  test("that is gone for a moment while one watches is asked again", async () => {
    answers = [transaction("processing"), "hang up", json(503, { message: "down" }), transaction("succeeded")];
    const { code, json: shown } = await moneyback(["transactions", "watch", "txn_1", "--json"], { MONEYBACK_URL: url });
    expect([code, shown()["status"]]).toEqual([0, "succeeded"]);
    expect(received).toHaveLength(4);
  });

  describe("that answers a cashback by schedule with its accrual", () => {
    const cashback = ["cashback", "--connection", "c", "--receiver-wallet", "w", "--amount", "1 TRY", "--key", "k-2"];
    const scheduled = [...cashback, "--payout", "scheduled"];
    const paidBy = (status: string) => ({ transaction: { id: "txn_9", status } });

    test("has done what was asked", async () => {
      answers = [json(201, { id: "acc_1", status: "waiting" })];
      const { code, json: shown } = await moneyback([...scheduled, "--json"], { MONEYBACK_URL: url });
      expect([code, shown()]).toEqual([0, { id: "acc_1", status: "waiting", idempotencyKey: "k-2", replayed: false }]);
      const { out } = await moneyback(scheduled, { MONEYBACK_URL: url });
      expect(out).toBe("acc_1 is recorded; its schedule pays it.\n");
    });

    test.each([
      ["waiting", {}, 0, "acc_1 is recorded; its schedule pays it."],
      ["waiting", paidBy("failed"), 0, "acc_1 is recorded; its schedule pays it."],
      ["paying", {}, 0, "acc_1 is about to be paid by a run of its schedule."],
      ["paying", paidBy("needs_review"), 0, "acc_1 is being paid by txn_9, which is needs_review."],
      ["paid", paidBy("succeeded"), 0, "acc_1 is paid by txn_9."],
      ["canceled", {}, 3, "acc_1 was canceled: nothing pays it, and its key stands for it for good."],
      ["unheard_of", {}, 5, "acc_1 is unheard_of."],
    ] as const)("tells a repeat that it is %s with %j, and ends with %i", async (status, more, exitCode, text) => {
      answers = [{ ...json(201, { id: "acc_1", status, ...more }), headers: { "Idempotent-Replayed": "true" } }];
      const { code, out } = await moneyback(scheduled, { MONEYBACK_URL: url });
      expect([code, out]).toEqual([
        exitCode,
        `${text}\nThis key was used before: it is the same accrual, and nothing was sent again.\n`,
      ]);
      const { json: shown } = await moneyback([...scheduled, "--json"], { MONEYBACK_URL: url });
      expect(shown()).toEqual({ id: "acc_1", status, ...more, idempotencyKey: "k-2", replayed: true });
    });
  });
});
