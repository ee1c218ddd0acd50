import { readFileSync } from "node:fs";

/**
 * Whether a thread of a process on this machine sleeps: false while it runs or could run, undefined where that
 * cannot be learnt (no such thread, no /proc).
 */
export function threadSleeps(pid: number, tid: number): boolean | undefined {
  try {
    // pid (name) state …, where the name may hold anything (proc(5)).
    const state = readFileSync(`/proc/${pid}/task/${tid}/stat`, "utf8").split(") ").at(-1)?.charAt(0);
    return state === "S";
  } catch {
    return undefined;
  }
}
