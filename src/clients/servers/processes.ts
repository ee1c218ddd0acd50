import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/**
 * Stops every process of a server (SIGSTOP) and answers once none is left running: a PostgreSQL may have begun a
 * backend meanwhile. Where the system has no /proc only the main process is stopped.
 *
 * @param directory the server's private directory, in which all its processes work
 * @param main its main process
 */
export function stopAll(directory: string, main: number): void {
  // The main process first: it is the one that begins others.
  send(main, "SIGSTOP");
  for (let look = 0; look < mostLooks; look++) {
    const running = processesIn(directory).filter((pid) => !isStopped(pid));
    if (running.length === 0) return;
    for (const pid of running) send(pid, "SIGSTOP");
  }
}

/** Lets all of them go on (SIGCONT), also those whose main process has ended. Harmless when none was stopped. */
export function continueAll(directory: string, main: number): void {
  for (const pid of new Set([main, ...processesIn(directory)])) send(pid, "SIGCONT");
}

/**
 * Kills (SIGKILL) every process that works in the directory.
 * @param main the server's main process, whose children are known at once and so die within a fraction of a
 *   millisecond; 0 for none
 */
export function killAll(directory: string, main: number): void {
  for (const pid of [...childrenOf(main), main]) send(pid, "SIGKILL");
  for (const pid of processesIn(directory)) send(pid, "SIGKILL");
}

/** A bound: each look takes about a millisecond, and a process stops as soon as it is out of the kernel. */
const mostLooks = 1_000;

/**
 * Processes are known by their working directory, never by a stored number that may belong to somebody else by now.
 * Empty where the system has no /proc.
 */
function processesIn(directory: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync("/proc");
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const place = readlinkSync(`/proc/${pid}/cwd`);
        return place === directory || place.startsWith(`${directory}/`);
      } catch {
        return false;
      }
    });
}

/** Empty where the kernel does not say (`CONFIG_PROC_CHILDREN`). */
function childrenOf(main: number): readonly number[] {
  try {
    return readFileSync(`/proc/${main}/task/${main}/children`, "utf8").split(" ").map(Number);
  } catch {
    return [];
  }
}

/** Or has ended. */
function isStopped(pid: number): boolean {
  try {
    // pid (program) state …, where the program's name may hold anything.
    const state = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.charAt(0) ?? "";
    return "TtZX".includes(state);
  } catch {
    return true;
  }
}

/** @param pid 0 for none */
function send(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
