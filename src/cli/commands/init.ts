import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Argv, CommandModule } from "yargs";

import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { UsageError } from "../usage-error.ts";

type Flags = GlobalFlags & { directory: string | undefined; ci: string | undefined };

/** Where the CI file of each kind goes. */
const ciFiles = { github: ".github/workflows/isolab.yml", gitlab: ".gitlab-ci.isolab.yml" } as const;

/** `isolab init`: what it takes to begin. */
export const initCommand: CommandModule<GlobalFlags, Flags> = {
  command: "init [directory]",
  describe: "write a config, a first workload and a CI file",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("directory", { type: "string", describe: "where to write them (default: here)" })
      .option("ci", {
        type: "string",
        requiresArg: true,
        choices: ["github", "gitlab", "none"],
        default: "github",
        describe: "the CI file to write",
        group: "Output:",
      })
      .example("$0 init", "then isolab gate --update, and commit the baseline"),
  handler: settle(init),
};

async function init(flags: Flags): Promise<ExitCode> {
  const { directory = "." } = flags;
  const { firstConfig, firstWorkload, githubWorkflow, gitlabJob } = await import("../first-files.ts");
  const { writeTextFile } = await import("../write-text-file.ts");
  const ci =
    flags.ci === "github"
      ? { [ciFiles.github]: githubWorkflow }
      : flags.ci === "gitlab"
        ? { [ciFiles.gitlab]: gitlabJob }
        : {};
  const files = { "isolab.config.ts": firstConfig, "workloads/coupons.ts": firstWorkload(), ...ci };
  // All or nothing: what is there is somebody's.
  const taken = Object.keys(files).find((name) => existsSync(join(directory, name)));
  if (taken !== undefined)
    throw new UsageError(`${join(directory, taken)} is there already: nothing was written`);
  for (const [name, text] of Object.entries(files)) writeTextFile(join(directory, name), text);
  const written = Object.keys(files).map((name) => join(directory, name));
  if (flags.json) process.stdout.write(`${JSON.stringify({ files: written })}\n`);
  else
    process.stdout.write(
      `${written.map((name) => `wrote ${name}\n`).join("")}\n` +
        "What to do next:\n" +
        "  npx isolab explore --workload ./workloads/coupons.ts:naive\n" +
        "                             see the race, in a few SQL lines\n" +
        "  npx isolab gate --update   write isolab.baseline.json, and commit it\n" +
        "  npx isolab gate            what CI does from now on\n",
    );
  return exitCodes.valid;
}
