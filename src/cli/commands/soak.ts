import type { Argv, CommandModule, InferredOptionTypes, Options } from "yargs";

import type { SoakLine, SoakResult, SoakRun } from "../../campaign/soak/soak.ts";
import type { SwarmSpace } from "../../campaign/soak/swarm.ts";
import type { TargetRequest } from "../../campaign/target.ts";
import { styleFor, type Style } from "../../report/terminal/style.ts";
import { capabilities } from "../capabilities.ts";
import { configOf } from "../config-of.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { faultsOf, type FaultFlags } from "../fault-options.ts";
import { fittedTo } from "../fitted-server.ts";
import { settle, type GlobalFlags } from "../global-flags.ts";
import { interleavingOf, type InterleavingFlags } from "../interleaving-options.ts";
import { onInterrupt } from "../interruption.ts";
import { progressLine } from "../progress.ts";
import { repeatCommand } from "../repeat-command.ts";
import { runOptions, serversOf, settingsOf } from "../run-options.ts";
import { argumentsOf, flagsOf, swarmSpace } from "../swarm-flags.ts";
import { durationMs, wholeNumber } from "../values.ts";

const soakOptions = {
  db: {
    type: "string",
    requiresArg: true,
    describe: "throw-away servers, by comma: postgres (default), mysql, mariadb",
    conflicts: "url",
    group: "Database:",
  },
  url: runOptions.url,
  set: runOptions.set,
  durable: runOptions.durable,
  "allow-disruptive": {
    type: "boolean",
    default: false,
    describe: "with --url: also faults that others on that server would feel",
    group: "Faults:",
  },
  seed: runOptions.seed,
  "time-limit": {
    type: "string",
    requiresArg: true,
    default: "1h",
    describe: "begin no run later than this: 10m, 1h",
    group: "Run:",
  },
  runs: { type: "string", requiresArg: true, describe: "so many runs at most", group: "Run:" },
  workload: {
    type: "string",
    requiresArg: true,
    describe: "draw from these only, by comma (default: all)",
    group: "Run:",
  },
  isolation: {
    type: "string",
    requiresArg: true,
    describe: "draw from these levels only, by comma (default: all four)",
    group: "Run:",
  },
  mode: {
    type: "string",
    requiresArg: true,
    choices: ["stress", "interleaved"],
    describe: "one mode only (default: both)",
    group: "Run:",
  },
  nemesis: {
    type: "string",
    requiresArg: true,
    describe: "draw from these faults only, by comma (default: all that can be had)",
    group: "Faults:",
  },
  keep: {
    type: "string",
    requiresArg: true,
    default: "500",
    describe: "megabytes of runs to keep at most",
    group: "Output:",
  },
  out: runOptions.out,
} as const satisfies Record<string, Options>;

type Flags = GlobalFlags & InferredOptionTypes<typeof soakOptions>;

type RunFlags = Parameters<typeof configOf>[0] & FaultFlags & InterleavingFlags;

/** Flags of a run that a soak neither takes nor draws. */
const left: Omit<RunFlags, keyof typeof soakOptions> & Pick<RunFlags, "workload" | "isolation"> = {
  workload: "",
  isolation: "",
  sessions: "",
  ops: undefined,
  rate: undefined,
  think: "0ms",
  param: [],
  model: undefined,
  "nemesis-interval": undefined,
  "nemesis-duration": undefined,
  strategy: undefined,
  depth: undefined,
  preemptions: undefined,
  "no-prune": false,
  overlaps: undefined,
  "fault-rate": undefined,
};

/** `isolab soak`: seed after seed, each with a configuration of its own. */
export const soakCommand: CommandModule<GlobalFlags, Flags> = {
  command: "soak",
  describe: "run seed after seed, each with a workload, a level and faults drawn from it",
  builder: (yargs: Argv<GlobalFlags>) =>
    yargs
      .options(soakOptions)
      .example(
        "$0 soak --time-limit 30m --db postgres,mariadb",
        "half an hour of everything on both databases",
      )
      .example("$0 soak --isolation serializable --workload append,bank", "two workloads at one level"),
  handler: settle(run),
};

async function run(flags: Flags): Promise<ExitCode> {
  const timeLimitMs = durationMs("--time-limit", flags["time-limit"]);
  const mostRuns = flags.runs === undefined ? Infinity : wholeNumber("--runs", flags.runs, 1, 10_000_000);
  const mostBytes = wholeNumber("--keep", flags.keep, 1, 1_000_000) * 1e6;
  const requests = serversOf(flags);
  const { freshSeed } = await import("../../random/entropy.ts");
  const { realClock } = await import("../../clock/real-clock.ts");
  const { newRunDirectory } = await import("../new-run-directory.ts");
  const { acquireTarget } = await import("../../campaign/target.ts");
  const { linkLatest } = await import("../../runner/run-directory.ts");
  const { nemeses } = await import("../../nemesis/catalogue.ts");
  const { soak } = await import("../../campaign/soak/soak.ts");
  const seed = flags.seed ?? freshSeed();
  const spaces = await Promise.all(
    requests.map((request) => swarmSpace(flags, request, capabilities(request, flags["allow-disruptive"]))),
  );
  const draw = await drawing(flags, requests, spaces, seed);
  // What cannot be drawn is told before a server is started.
  for (const server of requests.keys()) await draw(0, server);
  const fitted = await Promise.all(
    requests.map((request, server) =>
      fittedTo(
        request,
        nemeses.filter(({ name }) => spaces[server]?.nemeses.includes(name)),
      ),
    ),
  );
  const clock = realClock();
  const directory = newRunDirectory(flags.out, clock.date());
  const line = progressLine(() => clock.nanos(), !flags.quiet && !flags.json);
  const interruption = onInterrupt();
  const style = styleFor(process.stdout);
  let failed = 0;
  let result: SoakResult;
  try {
    result = await soak({
      draw,
      servers: fitted.map((request) => () => acquireTarget(request, clock)),
      directory,
      timeLimitMs,
      mostRuns,
      mostBytes,
      settings: settingsOf(flags),
      clock,
      stop: interruption.signal,
      warn: (sentence) => process.stderr.write(`isolab: ${sentence}\n`),
      began: (number, { config: { workload, variantName, isolation } }) => {
        line.show(`run ${number + 1}, ${failed} failed: ${workload.name}:${variantName} at ${isolation}`);
      },
      finished: (finished) => {
        if (finished.failures.length > 0) failed++;
        if (flags.json || finished.failures.length === 0) return;
        line.clear();
        process.stdout.write(failureText(finished, style));
      },
    });
  } finally {
    line.clear();
    interruption.dispose();
  }
  if (flags.out === undefined) linkLatest(directory);
  print(flags, { seed, directory, result });
  if (interruption.signal.aborted) return exitCodes.interrupted;
  if (result.failed.length > 0) return exitCodes.anomaly;
  return result.runs > result.unknown ? exitCodes.valid : exitCodes.unknown;
}

/** How each run is drawn: its seed is the soak's and its number. */
async function drawing(
  flags: Flags,
  requests: readonly TargetRequest[],
  spaces: readonly SwarmSpace[],
  seed: string,
): Promise<(number: number, server: number) => Promise<SoakRun>> {
  const { drawSwarm } = await import("../../campaign/soak/swarm.ts");
  return async (number, server) => {
    const request = requests[server];
    const space = spaces[server];
    if (request === undefined || space === undefined) throw new RangeError(`there is no server ${server}`);
    const itsSeed = `${seed}-${number}`;
    const drawn = flagsOf(drawSwarm(itsSeed, space));
    const runFlags = {
      ...left,
      ...flags,
      nemesis: undefined,
      "time-limit": undefined,
      ...drawn,
      seed: itsSeed,
    } as RunFlags;
    const interleaved = drawn.mode === "interleaved";
    const config = await configOf(runFlags, 1);
    return {
      config: { ...config, faults: interleaved ? undefined : await faultsOf(runFlags, [request]) },
      interleaving: interleaved ? await interleavingOf(runFlags) : undefined,
      command: repeatCommand(["run", ...whereOf(request), ...argumentsOf(drawn)], itsSeed),
    };
  };
}

function whereOf(request: TargetRequest): readonly string[] {
  return "url" in request ? ["--url", request.url] : ["--db", request.db];
}

function failureText({ number, command, failures }: SoakLine, style: Style): string {
  return `${style.bad("✗")} run ${number + 1}: ${failures.join("; ")}\n  ${style.faint(command)}\n`;
}

function print(
  { json, keep }: Flags,
  { seed, directory, result }: { seed: string; directory: string; result: SoakResult },
): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ soak: directory, seed, ...result })}\n`);
    return;
  }
  const style = styleFor(process.stdout);
  const { runs, failed, unknown, coverage, kept, keptBytes, seconds } = result;
  const head =
    failed.length > 0
      ? style.bad(`✗ ${failed.length} of ${runs} runs failed`)
      : runs === unknown
        ? style.unsure("? no run proved anything")
        : style.good(`✓ ${runs} runs, none failed`);
  process.stdout.write(
    `${head} (${unknown} proved nothing), in ${Math.round(seconds)} s\n\n` +
      `${coverage} different outcomes; kept ${kept} runs, ${(keptBytes / 1e6).toFixed(1)} of ${keep} MB, in ${directory}\n` +
      `Seed: ${seed}\n`,
  );
}
