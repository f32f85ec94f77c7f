/** The command line as data: what there is to call, and how it is described. What the commands do is loaded when one is called. */
import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { addBatchCommands } from "./batch-commands.ts";
import type { Run } from "./context.ts";
import { addMoneyCommands } from "./money-commands.ts";
import { addOperatorCommands } from "./operator-commands.ts";
import { addTransactionCommands } from "./transaction-commands.ts";

export interface Voice {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

export function programOf(run: Run, { out, error }: Voice): Command {
  const program = new Command("moneyback")
    .description("Sends money back, exactly once.")
    .version(manifest.version)
    .option("--json", "one JSON value on stdout, errors as JSON on stderr")
    .configureOutput({ writeOut: out, writeErr: error })
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText("after", afterword);
  addMoneyCommands(program, run);
  addTransactionCommands(program, run);
  addBatchCommands(program, run);
  addOperatorCommands(program, run);
  return program;
}

const afterword = `
Environment:
  MONEYBACK_URL      where the service is (default: http://127.0.0.1:4000)
  MONEYBACK_API_KEY  the API key (default on this machine: mbk_local)
  NO_COLOR           set to anything: no colours

Exit codes:
  0 done (succeeded)   1 usage, or unexpected       2 refused by the API   3 failed or canceled
  4 needs review       5 still open after the wait  6 not reachable`;
