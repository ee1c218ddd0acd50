/** Flags that a repetition must not take over: it has its own seed and its own directory. */
const dropped = new Set(["--seed", "--out"]);

/**
 * The command line that asks for the same again, ready to paste into a shell. A URL is left out: it
 * may hold a password.
 *
 * @param args as they were given, without node and script
 */
export function repeatCommand(args: readonly string[], seed: string): string {
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
      kept.push(quoted(arg));
    }
  }
  return ["npx", "isolab", ...kept, "--seed", quoted(seed)].join(" ");
}

/** For a POSIX shell. */
function quoted(arg: string): string {
  return /^[\w./:=,@%+-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}
