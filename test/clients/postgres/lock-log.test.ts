import { describe, expect, test } from "vitest";

import { followLockLog } from "../../../src/clients/postgres/lock-log.ts";
import { createServerLog } from "../../../src/clients/servers/server-log.ts";

/** A log as the server's pipe brings it. */
function followed() {
  const log = createServerLog();
  return { log, lockLog: followLockLog({ onLog: (listener) => log.onLine(listener) }) };
}

const waiting = (at: string, pid: number): string =>
  `${at} LOG:  process ${pid} still waiting for ShareLock on transaction 744 after 1.071 ms`;

describe("a wait is settled once its backend has said so", () => {
  test("after the wait began, and not before", () => {
    const { log, lockLog } = followed();
    expect(lockLog.settled(7, 1000_500)).toBe(false);
    log.write(`${waiting("1000.502", 7)}\n`);
    expect(lockLog.settled(7, 1000_500.25)).toBe(true);
    expect(lockLog.settled(8, 1000_500.25)).toBe(false);
  });

  test("in the very millisecond in which it began", () => {
    const { log, lockLog } = followed();
    log.write(`${waiting("1000.502", 7)}\n`);
    expect(lockLog.settled(7, 1000_502.999)).toBe(true);
  });

  test("not when the report is of an earlier wait", () => {
    const { log, lockLog } = followed();
    log.write(`${waiting("1000.502", 7)}\n`);
    expect(lockLog.settled(7, 1000_503)).toBe(false);
  });

  test("one report is for one wait, also in the same millisecond", () => {
    const { log, lockLog } = followed();
    log.write(`${waiting("1000.502", 7)}\n`);
    expect(lockLog.settled(7, 1000_502.1)).toBe(true);
    expect(lockLog.settled(7, 1000_502.1)).toBe(true);
    expect(lockLog.settled(7, 1000_502.7)).toBe(false);
    log.write(`${waiting("1000.504", 7)}\n`);
    expect(lockLog.settled(7, 1000_502.7)).toBe(true);
  });

  test("when a deadlock was avoided, and not when one was found", () => {
    const { log, lockLog } = followed();
    log.write(
      "1000.502 LOG:  process 7 detected deadlock while waiting for ShareLock on transaction 744 after 1.0 ms\n",
    );
    log.write("1000.502 ERROR:  deadlock detected\n");
    log.write("1000.502 DETAIL:  Process 7 waits for ShareLock on transaction 744; blocked by process 8.\n");
    expect(lockLog.settled(7, 1000_500)).toBe(false);
    log.write(
      "1000.503 LOG:  process 8 avoided deadlock for AccessExclusiveLock on relation 5 by rearranging queue order after 1.0 ms\n",
    );
    expect(lockLog.settled(8, 1000_500)).toBe(true);
  });

  test("when a line comes in pieces, at its end", () => {
    const { log, lockLog } = followed();
    const line = `${waiting("1000.502", 71)}\n`;
    // After 40 characters it could be about process 7.
    for (const end of [5, 24, 25, line.length - 1]) {
      log.write(line.slice(0, end));
      expect(lockLog.settled(7, 1000_500)).toBe(false);
      expect(lockLog.settled(71, 1000_500)).toBe(false);
      log.clear();
    }
    log.write(line.slice(0, 25));
    log.write(`${line.slice(25)}${waiting("1000.503", 72)}\n${waiting("1000.504", 73).slice(0, 30)}`);
    expect([71, 72, 73].map((pid) => lockLog.settled(pid, 1000_500))).toEqual([true, true, false]);
  });

  test("whoever listens is told of each report, and no longer than asked for", () => {
    const { log, lockLog } = followed();
    const told: number[] = [];
    const stop = lockLog.onReport((pid) => told.push(pid));
    log.write(`${waiting("1000.502", 7)}\n1000.502 LOG:  nothing\n${waiting("1000.502", 8)}\n`);
    stop();
    log.write(`${waiting("1000.503", 9)}\n`);
    expect(told).toEqual([7, 8]);
  });

  test("nothing that is logged after close is heard", () => {
    const { log, lockLog } = followed();
    lockLog.close();
    log.write(`${waiting("1000.502", 7)}\n`);
    expect(lockLog.settled(7, 1000_500)).toBe(false);
  });
});
