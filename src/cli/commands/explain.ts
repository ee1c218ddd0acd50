import type { Argv, CommandModule } from "yargs";

import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { UsageError } from "../usage-error.ts";

type Flags = GlobalFlags & { name: string };

/** `isolab explain`: what an anomaly or a consistency model is, with an example. */
export const explainCommand: CommandModule<GlobalFlags, Flags> = {
  command: "explain <name>",
  describe: "what an anomaly or a consistency model is, with an example, and who prevents it",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "an anomaly or a model; isolab list anomalies and isolab list models name them",
      })
      .example("$0 explain lost-update", "what it is, two sessions that show it, what helps")
      .example("$0 explain snapshot-isolation --json", "what it promises, for a machine"),
  handler: settle(explainName),
};

async function explainName({ name, json }: Flags): Promise<ExitCode> {
  const { explain } = await import("../../checkers/explain/explain.ts");
  const explanation = explain(name);
  if (explanation === undefined) {
    const { similarNames } = await import("../../checkers/explain/known-names.ts");
    const similar = similarNames(name);
    const hint =
      similar.length > 0
        ? `did you mean ${similar.join(", ")}?`
        : "isolab list anomalies and isolab list models name them all";
    throw new UsageError(`there is no anomaly or model "${name}"; ${hint}`);
  }
  if (json) process.stdout.write(`${JSON.stringify(explanation)}\n`);
  else {
    const { styleFor } = await import("../../report/terminal/style.ts");
    const { explanationText } = await import("../../report/explanation/text.ts");
    process.stdout.write(`${explanationText(explanation, styleFor(process.stdout))}\n`);
  }
  return exitCodes.valid;
}
