import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { mountsBelow, whyNoMount } from "../../support/mounting.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";

const owner = fileURLToPath(new URL("owner.ts", import.meta.url));
const startMs = 120_000;

/** Starts an owner whose private directories lie in the sandbox, and resolves when it has printed the word. */
async function ownerAt(
  word: "starting" | "ready",
  sandbox: Sandbox,
  argument = "wait",
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "jiti/register", owner, argument], {
    detached: true,
    env: { ...process.env, TMPDIR: sandbox.path, JITI_FS_CACHE: "false", NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const said = new Promise<void>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line === word) resolve();
    });
  });
  // What it has printed is there once its streams are closed.
  const ended = once(child, "close").then(() => {
    throw new Error(`the owner ended before it was ${word}: ${errors.join("")}`);
  });
  ended.catch(() => undefined);
  await Promise.race([said, ended]);
  return child;
}

function sandboxOf(context: { onTestFinished: (tidy: () => void) => void }): Sandbox {
  const sandbox = createSandbox();
  context.onTestFinished(() => {
    sandbox.remove();
  });
  return sandbox;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe.concurrent("servers and directories are gone after their owner", () => {
  test.for([
    ["returns without stopping them", "return", 0],
    ["throws", "throw", 1],
  ] as const)("%s", { timeout: startMs }, async ([, argument, code], context) => {
    const sandbox = sandboxOf(context);
    const child = await ownerAt("ready", sandbox, argument);
    if (child.exitCode === null) await once(child, "exit");
    // A server that kept its owner alive would make this a timeout.
    expect(child.exitCode).toBe(code);
    expect(await sandbox.emptied()).toEqual([]);
  });

  test.for([
    ["is interrupted by Ctrl-C", "SIGINT", "process"],
    ["is terminated", "SIGTERM", "process"],
    ["is killed", "SIGKILL", "process"],
    ["is killed with its whole process group", "SIGKILL", "group"],
    ["is interrupted with its whole process group", "SIGINT", "group"],
  ] as const)("%s", { timeout: startMs }, async ([, signal, whom], context) => {
    const sandbox = sandboxOf(context);
    const child = await ownerAt("ready", sandbox);
    expect(sandbox.leftovers().filter((left) => /postgres -D|mariadbd --no/.test(left))).toHaveLength(2);
    process.kill(whom === "group" ? -child.pid! : child.pid!, signal);
    await once(child, "exit");
    expect(await sandbox.emptied()).toEqual([]);
  });

  test.for([0, 10, 30, 60, 100, 150, 250, 400])(
    "is killed %i ms after it began to start them",
    { timeout: startMs },
    async (ms, context) => {
      const sandbox = sandboxOf(context);
      const child = await ownerAt("starting", sandbox);
      await pause(ms);
      process.kill(-child.pid!, "SIGKILL");
      await once(child, "exit");
      await pause(200);
      expect(await sandbox.emptied()).toEqual([]);
    },
  );

  test("is killed while a session's backend is stopped", { timeout: startMs }, async (context) => {
    const sandbox = sandboxOf(context);
    const child = await ownerAt("ready", sandbox);
    const backends = sandbox.leftovers().filter((left) => /postgres: (?:background|wal)/.test(left));
    expect(backends.length).toBeGreaterThan(0);
    for (const backend of backends) process.kill(Number.parseInt(backend, 10), "SIGSTOP");
    process.kill(child.pid!, "SIGKILL");
    await once(child, "exit");
    expect(await sandbox.emptied()).toEqual([]);
  });

  test("is killed while both servers are paused", { timeout: startMs }, async (context) => {
    const sandbox = sandboxOf(context);
    const child = await ownerAt("ready", sandbox, "wait-paused");
    expect(statesOf(sandbox).length).toBeGreaterThan(5);
    expect(new Set(statesOf(sandbox))).toEqual(new Set(["T"]));
    process.kill(child.pid!, "SIGKILL");
    await once(child, "exit");
    expect(await sandbox.emptied()).toEqual([]);
  });

  test.for([
    ["is killed while both servers have full disks of their own", "ready", "process"],
    ["is killed with its whole process group, likewise", "ready", "group"],
    ["is killed when their disks are there and they are not", "starting", "process"],
  ] as const)("%s", { timeout: startMs }, async ([, moment, whom], context) => {
    const obstacle = whyNoMount();
    if (obstacle !== undefined) {
      console.log(`skipped: ${obstacle}`);
      context.skip(obstacle);
    }
    const sandbox = sandboxOf(context);
    const child = await ownerAt(moment, sandbox, "wait-full");
    for (let wait = 0; wait < 2_000 && mountsBelow(sandbox.path).length < 2; wait++) await pause(10);
    expect(mountsBelow(sandbox.path)).toHaveLength(2);
    process.kill(whom === "group" ? -child.pid! : child.pid!, "SIGKILL");
    await once(child, "exit");
    expect(await sandbox.emptied()).toEqual([]);
    expect(mountsBelow(sandbox.path)).toEqual([]);
  });
});

/** States (`S`, `T`, …) of the servers' processes, those of the guards left out. */
function statesOf(sandbox: Sandbox): readonly string[] {
  return sandbox
    .leftovers()
    .filter((left) => /^\d+ (?:\S*\/postgres|postgres:|\S*mariadbd)/.test(left))
    .map(
      (left) =>
        readFileSync(`/proc/${Number.parseInt(left, 10)}/stat`, "utf8")
          .split(") ")
          .at(-1)![0]!,
    );
}
