import type { Server } from "../servers/server.ts";

/**
 * What the server's log says about waits. With `log_lock_waits` a backend that has waited for
 * `deadlock_timeout` looks for a deadlock once, and then says that it is still waiting: from then on no
 * timer of its own can end the wait (PostgreSQL manual, 19.12 and 19.8.3; deadlock.c, proc.c).
 */
export interface LockLog {
  /** Whether the wait that a backend began at that time (ms since 1970, as the server counts) was looked at. */
  settled(pid: number, sinceMs: number): boolean;
  /** Calls back with each backend that has reported a wait, until the returned function is called. */
  onReport: (listener: (pid: number) => void) => () => void;
  close(): void;
}

interface Backend {
  /** How many waits it has reported, and when the last report was. */
  reports: number;
  reportedMs: number;
  /** The wait that was last found settled, and how many reports there were by then. */
  settledSince: number;
  settledReports: number;
}

/** Follows the log of a server of ours, whose lines begin with the time (`log_line_prefix='%n '`). */
export function followLockLog(server: Pick<Server, "onLog">): LockLog {
  const backends = new Map<number, Backend>();
  const listeners = new Set<(pid: number) => void>();
  const stop = server.onLog((line) => {
    const match = pattern.exec(line);
    if (match === null) return;
    const pid = Number(match[2]);
    const backend = backends.get(pid) ?? { reports: 0, reportedMs: 0, settledSince: -1, settledReports: 0 };
    backend.reports++;
    backend.reportedMs = Number(match[1]) * 1e3;
    backends.set(pid, backend);
    for (const listener of listeners) listener(pid);
  });
  return {
    settled: (pid, sinceMs) => {
      const backend = backends.get(pid);
      if (backend === undefined) return false;
      if (backend.settledSince === sinceMs) return true;
      // The log counts in milliseconds, so the report of an earlier wait might seem to be of this one.
      const reported = backend.reports > backend.settledReports;
      if (!reported || Math.round(backend.reportedMs) < Math.floor(sinceMs)) return false;
      backend.settledSince = sinceMs;
      backend.settledReports = backend.reports;
      return true;
    },
    onReport: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    close: stop,
  };
}

/** Not "detected deadlock": that session is about to return. */
const pattern = /^(\d+\.\d+) .*process (\d+) (?:still waiting for|avoided deadlock for)/;
