/** Listening on the loopback interface: one clear line when a port is taken, and a close that does not hang on idle clients. */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** How long `close` lets requests that are under way finish. */
const closeGraceMs = 1_000;

/** Above what clients keep idle connections for, so that none is closed just as a client uses it again. */
const keepAliveMs = 75_000;

export interface ListenOptions {
  readonly server: Server;
  /** 0 takes any free port. */
  readonly port: number;
  /** What wants the port, as a person would say it. */
  readonly what: string;
  /** The environment variable that sets the port. */
  readonly variable: string;
}

/** Listens on 127.0.0.1 and answers the URL without a trailing slash. */
export async function listen({ server, port, what, variable }: ListenOptions): Promise<string> {
  server.keepAliveTimeout = keepAliveMs;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  try {
    await promise;
  } catch (error) {
    throw explainListenError(error, { port, what, variable });
  }
  server.off("error", reject);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** One clear line for a port that cannot be listened on; any other error as it is. */
export function explainListenError(error: unknown, wanted: Omit<ListenOptions, "server">): unknown {
  const isListenError = error instanceof Error && "syscall" in error && error.syscall === "listen";
  return isListenError ? new Error(whyNot(error, wanted), { cause: error }) : error;
}

function whyNot(error: Error, { port, what, variable }: Omit<ListenOptions, "server">): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use, so ${what} cannot start: stop what uses it, or set ${variable} to another port (0 takes any free one).`;
  }
  if (code === "EACCES") {
    return `Port ${port} needs more rights than this process has, so ${what} cannot start: set ${variable} to a port above 1023.`;
  }
  return `${what} cannot listen on port ${port} (${String(error)}): set ${variable} to another port.`;
}

/** Stops accepting, lets requests under way finish for a moment, then cuts what is left. */
export async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  await promise;
  clearTimeout(cut);
}
