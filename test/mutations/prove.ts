/** `npm run mutations`: takes the guards out one by one, and shows what notices. Ends with 1 if one goes unnoticed. */
import type { Mutation } from "./mutation.ts";
import { mutations } from "./mutations.ts";
import { type Verdict, verdictsOn } from "./verdicts.ts";

const width = 62;

const usage = `npm run mutations              takes out all ${mutations.length} guards, one by one
npm run mutations -- hold      only those with "hold" in their name

Ends with 1 if one goes unnoticed, with 2 if it was told something that makes no sense.`;

process.exitCode = await answer(process.argv.slice(2));

async function answer(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    console.log(usage);
    return 0;
  }
  const [part = "", second] = args;
  if (part.startsWith("-")) {
    return refuse(`${JSON.stringify(part)} is no option: there is --help, and a part of a name`);
  }
  if (second !== undefined) {
    return refuse(`${JSON.stringify(second)} is one too many: put a name of more words in quotes`);
  }
  const chosen = mutations.filter(({ name }) => name.includes(part));
  if (chosen.length === 0) {
    return refuse(`No mutation has ${JSON.stringify(part)} in its name: try a word such as "hold", or none for all`);
  }
  return prove(chosen);
}

async function prove(chosen: readonly Mutation[]): Promise<number> {
  const all = await verdictsOn(chosen, (verdict) => console.log(line(verdict)));
  const missed = all.filter(({ isCaught }) => !isCaught);
  console.log(
    missed.length === 0
      ? `\nAll ${all.length} were noticed.`
      : `\n${missed.length} of ${all.length} went unnoticed: ${missed.map(({ mutation }) => mutation.name).join("; ")}`,
  );
  return missed.length === 0 ? 0 : 1;
}

function refuse(why: string): number {
  console.error(`${why}.`);
  return 2;
}

function line({ mutation, isCaught, by }: Verdict): string {
  return `${isCaught ? "✓" : "✗"}  ${mutation.name.padEnd(width)}  ${by}`;
}
