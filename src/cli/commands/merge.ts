import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";

import type { ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";

type Flags = GlobalFlags & {
  directories: string[];
  out: string | undefined;
  markdown: string | undefined;
};

/** `isolab merge`: the shards of a comparison as the one matrix that they are parts of. */
export const mergeCommand: CommandModule<GlobalFlags, Flags> = {
  command: "merge <directories..>",
  describe: "join the shards of isolab compare --shard into one matrix",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("directories", {
        type: "string",
        array: true,
        demandOption: true,
        describe: "the directories that the shards left",
      })
      .options({
        out: {
          type: "string",
          requiresArg: true,
          describe: "the directory to make, with all runs in it (default: runs/<stamp>)",
          group: "Output:",
        },
        markdown: {
          type: "string",
          requiresArg: true,
          describe: "write the result as Markdown into this file, too",
          group: "Output:",
        },
      })
      .example("$0 merge shard-1 shard-2 shard-3 shard-4 --out matrix", "four quarters of a matrix"),
  handler: settle(merge),
};

async function merge({ directories, out, markdown, json }: Flags): Promise<ExitCode> {
  const { mergeShards } = await import("../../campaign/compare/merge-shards.ts");
  const { writeAsked } = await import("../../campaign/compare/compare-asked.ts");
  const { realClock } = await import("../../clock/real-clock.ts");
  const { copyRun, linkLatest } = await import("../../runner/run-directory.ts");
  const { newRunDirectory } = await import("../new-run-directory.ts");
  const { checkMarkdown, exitCodeFor, tellResult } = await import("../compare-result.ts");
  checkMarkdown(markdown);
  const { asked, cells: parts } = mergeShards(directories);
  const directory = newRunDirectory(out, realClock().date());
  const cells = parts.map((cell) => {
    const run = join(directory, cell.name);
    copyRun(cell.run, run);
    return { ...cell, run };
  });
  writeAsked(directory, { ...asked, markdown: markdown ?? null });
  if (out === undefined) linkLatest(directory);
  tellResult(
    { directory, seed: asked.seed, shard: null, cells, missing: 0, urls: 0 },
    { json, markdown: markdown ?? null },
  );
  return exitCodeFor(cells);
}
