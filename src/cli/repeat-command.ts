import { shellQuoted as quoted } from "../report/run/shell-quoted.ts";
import { isPath } from "./load-workload.ts";

export { quoted };

/** Flags that a repetition must not take over: it has its own seed and its own directory. */
const dropped = new Set(["--seed", "--out"]);

/** The command line that asks for the same again, ready to paste into a shell; see {@link repeatArguments}. */
export function repeatCommand(args: readonly string[], seed: string): string {
  return ["npx", "isolab", ...repeatArguments(args, seed).map(quoted)].join(" ");
}

/**
 * The arguments that ask for the same again. A URL is left out: it may hold a password.
 *
 * @param args as they were given, without node and script
 */
export function repeatArguments(args: readonly string[], seed: string): readonly string[] {
  const kept: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? "";
    const [flag = ""] = arg.split("=");
    const hasOwnValue = arg.includes("=");
    if (dropped.has(flag)) {
      if (!hasOwnValue) i++;
    } else if (flag === "--url") {
      kept.push("--url", "URL");
      if (!hasOwnValue) i++;
    } else {
      kept.push(arg);
    }
  }
  return [...kept, "--seed", seed];
}

/**
 * The command line that replays what was saved, ready to paste into a shell: by its token if it has one. A
 * workload that is a file is named again, since what is saved tells its name only.
 *
 * @param workload as it was given
 */
export function replayCommand(
  workload: string,
  { directory, token }: { readonly directory: string; readonly token: string | undefined },
): string {
  const saved = token === undefined ? quoted(directory) : `--token ${token}`;
  const where = isPath(workload.replace(/:\w[\w-]*$/, "")) ? ` --workload ${quoted(workload)}` : "";
  return `npx isolab replay ${saved}${where}`;
}
