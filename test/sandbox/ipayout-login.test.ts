/** i-payout's login and what the other calls need of it. */

import { describe, expect, test } from "vitest";
import { BASIC, MERCHANT_ID, open } from "./client.ts";

const HEX_32 = /^[0-9a-f]{32}$/;
const LOGIN = "/ipayout/api/v1/authentication/login";

describe("login", () => {
  test("answers the documented envelope and a token for 1440 minutes", async () => {
    const reply = await (await open()).call("GET", LOGIN, { headers: { authorization: BASIC } });
    expect(reply.status).toBe(200);
    expect(Object.keys(reply.body)).toEqual(["isSuccess", "message", "statusCode", "logIdentifier", "data"]);
    expect(reply.body).toMatchObject({ isSuccess: true, message: "Success", statusCode: 0 });
    expect(reply.body.logIdentifier).toMatch(HEX_32);
    expect(reply.body.data).toEqual({
      merchantId: MERCHANT_ID,
      token: expect.stringMatching(/^eyJ/),
      expireInMinutes: 1440,
    });
  });

  test("answers a POST with 405 and no body, and any spelling of the path with a token", async () => {
    const client = await open();
    expect(await client.call("POST", LOGIN, { headers: { authorization: BASIC } })).toMatchObject({
      status: 405,
      text: "",
    });
    expect(
      (await client.call("GET", "/ipayout/API/V1/Authentication/Login", { headers: { authorization: BASIC } })).body
        .isSuccess,
    ).toBe(true);
  });

  test("answers a missing Authorization as recorded (shape C), wrong credentials with -7", async () => {
    const client = await open();
    const missing = await client.call("GET", LOGIN);
    expect(missing.status).toBe(200);
    expect(missing.text.replace(/[0-9a-f]{32}/, "#")).toBe(
      '{"IsSuccess":false,"Message":"Authorization not found","StatusCode":-71,"LogIdentifier":"#"}',
    );
    for (const authorization of ["Basic bm86bm8=", "Basic !!", "Bearer x"]) {
      const wrong = await client.call("GET", LOGIN, { headers: { authorization } });
      expect(wrong).toMatchObject({ status: 200, body: { IsSuccess: false, StatusCode: -7 } });
    }
    const other = await client.call("GET", LOGIN, { headers: { authorization: BASIC, "x-merchantid": "another" } });
    expect(other.body.StatusCode).toBe(-7);
  });
});

describe("the bearer", () => {
  test("is needed: 401 without a body, or shape C by switch", async () => {
    const client = await open();
    expect(await client.balance()).toMatchObject({ status: 401, text: "" });
    await client.turn("auth-failure", "envelope");
    expect(await client.balance()).toMatchObject({ status: 200, body: { IsSuccess: false, StatusCode: -71 } });
  });

  test("expires after its minutes, and outlives a restart", async () => {
    let now = Date.now();
    const client = await (await open({ now: () => now })).logIn();
    now += 1_440 * 60_000 - 1;
    const restarted = await open({ now: () => now });
    restarted.token = client.token;
    expect((await client.balance()).status).toBe(200);
    expect((await restarted.balance()).status).toBe(200);
    now += 1;
    expect((await client.balance()).status).toBe(401);
  });

  test("needs the merchant's id beside it", async () => {
    const client = await (await open()).logIn();
    const headers = { authorization: `Bearer ${client.token}` };
    const reply = await client.call("GET", "/ipayout/api/v1/beneficiaries/ben-alice/balances/USD", { headers });
    expect(reply.body).toMatchObject({ IsSuccess: false, StatusCode: -7 });
  });
});
