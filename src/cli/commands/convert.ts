import type { Argv, CommandModule } from "yargs";

import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { fileNamed } from "../stdin-name.ts";

const formats = ["edn", "jsonl"] as const;
type Flags = GlobalFlags & { file: string; to: (typeof formats)[number] };

/** `isolab convert`: a saved history in another syntax, on stdout. */
export const convertCommand: CommandModule<GlobalFlags, Flags> = {
  command: "convert <file>",
  describe: "print a saved history as EDN, for Jepsen and Elle, or as JSONL",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .positional("file", { type: "string", demandOption: true, describe: "a history file; - is stdin" })
      .options({ to: { choices: formats, default: "edn" as const, describe: "the syntax to print" } })
      .example("$0 convert runs/latest/history.jsonl > history.edn", "then check it with elle-cli")
      .example("$0 convert history.edn --to jsonl", "and back, without a change"),
  handler: settle(convert),
};

async function convert({ file, to }: Flags): Promise<ExitCode> {
  const { loadHistory } = await import("../../history/load-history.ts");
  const { history, warnings } = await loadHistory(fileNamed(file));
  for (const warning of warnings) process.stderr.write(`isolab: ${warning}\n`);
  const { encodeEdnHistory } = await import("../../history/edn-history.ts");
  const { encodeJsonLines } = await import("../../history/jsonl.ts");
  const { pipeline } = await import("node:stream/promises");
  await pipeline(to === "edn" ? encodeEdnHistory(history) : encodeJsonLines(history), process.stdout, {
    end: false,
  });
  return exitCodes.valid;
}
