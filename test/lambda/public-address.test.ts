/** Which addresses a tenant may make us call: a table of those that have been tried on others. */
import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../lib/lambda/public-address.ts";
import { urlProblem } from "../../lib/lambda/webhook-url.ts";

const inner = {
  "this network": ["0.0.0.0", "0.1.2.3"],
  private: ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"],
  loopback: ["127.0.0.1", "127.255.255.254", "::1"],
  "link-local": ["169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1"],
  metadata: ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"],
  "carriers' NAT": ["100.64.0.1", "100.127.255.255"],
  "unique local": ["fc00::1", "fdff:ffff::1"],
  unspecified: ["::"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  reserved: ["192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"],
  "reserved, and broadcast": ["240.0.0.1", "255.255.255.255"],
  "IPv4 in IPv6": ["::ffff:127.0.0.1", "::ffff:a00:1", "::ffff:8.8.8.8", "::7f00:1", "64:ff9b::a9fe:a9fe"],
  "other addresses in IPv6": ["2002:7f00:1::", "2001::1", "2001:db8::1", "3fff::1", "100::1", "5f00::1", "fec0::1"],
  "no address": ["", "example.com", "127.1", "0x7f000001", "8.8.8.8:80"],
};

const outer = [
  "8.8.8.8",
  "1.1.1.1",
  "100.63.255.255",
  "100.128.0.1",
  "172.15.255.255",
  "172.32.0.1",
  "192.167.255.255",
];
const outerV6 = ["2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2400:cb00::1"];

describe("an address", () => {
  test.each(Object.entries(inner).flatMap(([kind, all]) => all.map((address) => [kind, address] as const)))(
    "that is %s is not public: %s",
    (_kind, address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );

  test.each([...outer, ...outerV6])("of the public internet is: %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("a URL", () => {
  test.each([
    "https://receiver.example.com/hooks?tenant=1",
    "https://receiver.example.com:8443/",
    "https://8.8.8.8/hooks",
    "https://[2606:4700:4700::1111]/",
    "https://xn--bcher-kva.example.com/",
  ])("may be registered: %s", (url) => {
    expect(urlProblem(url, false)).toBeUndefined();
  });

  test.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://0177.0.0.1/",
    "https://0/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[0:0:0:0:0:ffff:7f00:1]/",
    "https://[::ffff:169.254.169.254]/latest/meta-data/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/latest/meta-data/",
    "https://10.0.0.1:8443/",
    "https://127。0。0。1/",
    "https://①②⑦.0.0.1/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://a.localhost/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://intranet/",
    "https://1.0.0.127.in-addr.arpa/",
  ])("that leads inside is refused: %s", (url) => {
    expect(urlProblem(url, false)).toBe("must lead to a public address");
  });

  test.each([
    ["http://receiver.example.com/", "must be an https:// address"],
    ["ftp://receiver.example.com/", "must be an https:// address"],
    ["file:///etc/passwd", "must be an https:// address"],
    ["javascript:alert(1)", "must be an https:// address"],
    ["receiver.example.com", "must be an https:// address"],
    ["https://", "must be an https:// address"],
    ["", "must be an https:// address"],
    ["https://user:secret@receiver.example.com/", "must not hold a user name or password"],
    ["https://token@receiver.example.com/", "must not hold a user name or password"],
    ["https://receiver.example.com/#here", "must not hold a fragment"],
  ])("%s %s", (url, problem) => {
    expect(urlProblem(url, false)).toBe(problem);
  });

  test.each(["http://127.0.0.1:4010/_sandbox/receiver", "http://localhost:3000/", "https://10.0.0.1/"])(
    "of the local run may lead inside: %s",
    (url) => {
      expect(urlProblem(url, true)).toBeUndefined();
      expect(urlProblem("ftp://127.0.0.1/", true)).toBe("must be an https:// address");
      expect(urlProblem("http://a:b@127.0.0.1/", true)).toBe("must not hold a user name or password");
    },
  );
});
