import type { CompareAsked } from "../campaign/compare/compare-asked.ts";
import type { PlannedCell } from "./compare-plan.ts";
import { repeatArguments } from "./repeat-command.ts";

/** What a run is told by the cell, whatever the comparison was. */
const ofTheCell = new Set(["workload", "isolation", "sessions", "ops"]);

/** The arguments of the `isolab run` that is one cell of a comparison: same plan, same server, same flags. */
export function cellArguments(
  { servers, flags, seed }: Pick<CompareAsked, "servers" | "flags" | "seed">,
  { server, source, config }: Pick<PlannedCell, "server" | "source" | "config">,
): readonly string[] {
  const asked = servers[server - 1];
  const others = Object.entries(flags).flatMap(([name, value]) => {
    if (ofTheCell.has(name) || value === false) return [];
    if (value === true) return [`--${name}`];
    return (typeof value === "string" ? [value] : value).flatMap((one) => [`--${name}`, one]);
  });
  const args = [
    ...["run", "--workload", `${source}:${config.variantName}`, "--isolation", config.isolation],
    ...(asked !== undefined && "db" in asked ? ["--db", asked.db] : ["--url", "URL"]),
    ...["--sessions", `${config.sessions}`, "--ops", `${config.operations}`],
    ...others,
  ];
  return repeatArguments(args, seed);
}
