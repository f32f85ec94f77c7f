/** Answers what SST's components ask its command for, over JSON-RPC on this machine: where a bundle is, and where assets go. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

interface Call {
  readonly method: string;
  readonly params: readonly [{ readonly handler?: string; readonly bundle?: string }];
}

export async function startSstServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { method, params } = JSON.parse(text) as Call;
      response.end(JSON.stringify(answer(method, params[0])));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function answer(method: string, { handler, bundle }: Call["params"][0]) {
  switch (method) {
    case "Runtime.Build":
      // The command builds what comes without a bundle; all of ours come with one.
      if (!bundle) return { error: `the function ${handler} has no bundle` };
      return { result: { handler, out: bundle, errors: [], sourcemaps: [] } };
    case "Provider.Aws.Bootstrap":
      return { result: { asset: "sst-asset", state: "sst-state", assetEcrRegistryId: "", assetEcrUrl: "" } };
  }
  return { error: `rpc: can't find method ${method}` };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
