/** Whether an IP address is one on the public internet: the only ones that a tenant may make us call. */
import { BlockList, isIP } from "node:net";

/** IANA's special-purpose registry of IPv4, read 2026-11: nothing of it is a receiver's. */
const specialV4: readonly (readonly [address: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network
  ["10.0.0.0", 8], // private
  ["100.64.0.0", 10], // carriers' NAT
  ["127.0.0.0", 8], // loopback
  ["169.254.0.0", 16], // link-local, and the cloud's metadata
  ["172.16.0.0", 12], // private
  ["192.0.0.0", 24], // protocol assignments
  ["192.0.2.0", 24], // documentation
  ["192.88.99.0", 24], // 6to4 relays
  ["192.168.0.0", 16], // private
  ["198.18.0.0", 15], // benchmarks
  ["198.51.100.0", 24], // documentation
  ["203.0.113.0", 24], // documentation
  ["224.0.0.0", 4], // multicast
  ["240.0.0.0", 4], // reserved, and broadcast
];

/** Of IPv6 only global unicast is public; these parts of it carry other addresses inside them, or are for nobody. */
const specialV6: readonly (readonly [address: string, prefix: number])[] = [
  ["2001::", 23], // protocol assignments, Teredo among them
  ["2001:db8::", 32], // documentation
  ["2002::", 16], // 6to4: an IPv4 address inside
  ["3fff::", 20], // documentation
];

const refusedV4 = listOf(specialV4, "ipv4");
const refusedV6 = listOf(specialV6, "ipv6");
const globalV6 = listOf([["2000::", 3]], "ipv6");

/** False for whatever is no address. IPv4 inside IPv6 (`::ffff:10.0.0.1`, NAT64) is not global unicast, and so refused. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !refusedV4.check(address, "ipv4");
    case 6:
      // A zone (`fe80::1%eth0`) belongs to addresses of this machine's own links.
      return !address.includes("%") && globalV6.check(address, "ipv6") && !refusedV6.check(address, "ipv6");
    default:
      return false;
  }
}

function listOf(subnets: readonly (readonly [address: string, prefix: number])[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const [address, prefix] of subnets) list.addSubnet(address, prefix, family);
  return list;
}
