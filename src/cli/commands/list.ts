import type { Argv, CommandModule } from "yargs";

import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";

const topics = ["workloads", "checkers", "models", "anomalies", "nemeses", "strategies"] as const;
type Topic = (typeof topics)[number];
type Flags = GlobalFlags & { topic: Topic | undefined };

/** One thing that can be named on the command line. */
interface Entry {
  readonly name: string;
  readonly summary: string;
}

/** `isolab list`: everything that can be named on the command line. */
export const listCommand: CommandModule<GlobalFlags, Flags> = {
  command: "list [topic]",
  describe: "what there is: workloads, checkers, models, anomalies, nemeses, strategies",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs.positional("topic", { type: "string", choices: topics, describe: "all of them when left out" }),
  handler: settle(list),
};

async function list(flags: Flags): Promise<ExitCode> {
  const wanted = flags.topic === undefined ? topics : [flags.topic];
  const found: Partial<Record<Topic, readonly Entry[]>> = {};
  for (const topic of wanted) found[topic] = await entries[topic]();
  if (flags.json) process.stdout.write(`${JSON.stringify(found)}\n`);
  else process.stdout.write(await text(found));
  return exitCodes.valid;
}

const entries: Record<Topic, () => Promise<readonly Entry[]>> = {
  workloads: async () => {
    const { builtInWorkloads, loadWorkload } = await import("../load-workload.ts");
    const loaded = await Promise.all(builtInWorkloads().map(loadWorkload));
    return loaded.flatMap((variants) => {
      const [first] = variants;
      if (first === undefined) return [];
      const { name, summary, cannotReveal, parameters } = first.workload;
      return [
        { name, summary: `${summary} (cannot reveal ${cannotReveal})`, parameters },
        ...variants.map(({ variantName, variant }) => ({
          name: `${name}:${variantName}`,
          summary: variant.summary,
          expect: variant.expect,
        })),
      ];
    });
  },
  checkers: async () => {
    const { checkers } = await import("../../checkers/catalogue.ts");
    return checkers;
  },
  models: async () => {
    const { canonicalModel, modelNames } = await import("../../checkers/models/names.ts");
    const { modelDescriptions } = await import("../../checkers/models/descriptions/model-descriptions.ts");
    return modelNames().map((name) => ({
      name,
      summary: modelDescriptions[canonicalModel(name)]?.summary ?? "",
    }));
  },
  anomalies: async () => {
    const { anomalyDescriptions } =
      await import("../../checkers/models/descriptions/anomaly-descriptions.ts");
    return Object.entries(anomalyDescriptions).map(([name, { summary }]) => ({ name, summary }));
  },
  nemeses: async () => {
    const { nemeses } = await import("../../nemesis/catalogue.ts");
    const { stepFaults } = await import("../../scheduler/with-faults.ts");
    const { listedFaults } = await import("../listed-faults.ts");
    return listedFaults(nemeses, stepFaults);
  },
  strategies: async () => {
    const { strategies } = await import("../../scheduler/strategies.ts");
    return strategies.map(({ name, summary }) => ({ name, summary }));
  },
};

async function text(found: Partial<Record<Topic, readonly Entry[]>>): Promise<string> {
  const { styleFor } = await import("../../report/terminal/style.ts");
  const { table } = await import("../../report/terminal/table.ts");
  const style = styleFor(process.stdout);
  return Object.entries(found)
    .map(([topic, rows]) => {
      const lines = table(rows.map(({ name, summary }) => [name, style.faint(summary)]));
      return `${style.strong(topic)}\n${lines.replaceAll(/^/gm, "  ")}\n`;
    })
    .join("\n");
}
