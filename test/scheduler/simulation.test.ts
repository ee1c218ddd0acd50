import { describe, expect, test } from "vitest";

import { guidedStrategy } from "../../src/scheduler/guided-strategy.ts";
import { operation } from "./scripts.ts";
import type { SimulatedServer } from "./simulated-database.ts";
import { type Script, simulate } from "./simulation.ts";

const postgres = { database: "postgres", isolation: "read-committed" } as const;
const mariadb = { database: "mariadb", isolation: "read-committed" } as const;

/** What became of each step, and what every session was answered, when sessions take these turns. */
function play(
  server: SimulatedServer,
  scripts: readonly Script[],
  turns: readonly number[],
): { steps: string[]; log: string[][] } {
  const strategy = guidedStrategy(turns.map((session) => ({ session })));
  const { schedule, seen } = simulate(server, scripts, strategy);
  const { log } = JSON.parse(seen) as { log: string[][] };
  const steps = schedule.steps.map(({ outcomes }) =>
    outcomes
      .map(
        ({ session, ...rest }) => `${session}:${"error" in rest ? rest.error : (Object.keys(rest)[0] ?? "")}`,
      )
      .join(" "),
  );
  return { steps, log };
}

describe("the simulated database", () => {
  test("lets a writer wait for another one, and wakes it with the commit", () => {
    const { steps } = play(postgres, [[operation("w a0")], [operation("w a0")]], [0, 1, 0, 1]);
    expect(steps).toEqual(["0:rows", "1:blocked", "0:done 1:rows", "1:done"]);
  });

  test("wakes in the order of the queue, one after the other", () => {
    const writers = [0, 1, 2].map(() => [operation("w a0")]);
    const { steps } = play(postgres, writers, [0, 2, 1, 0, 2, 1]);
    expect(steps).toEqual(["0:rows", "2:blocked", "1:blocked", "0:done 2:rows", "2:done 1:rows", "1:done"]);
  });

  test("ends a deadlock at the cost of the session that closes it, which tries once more", () => {
    const { steps } = play(
      postgres,
      [[operation("w a0", "w b0")], [operation("w b0", "w a0")]],
      [0, 1, 0, 1],
    );
    expect(steps.slice(0, 4)).toEqual(["0:rows", "1:rows", "0:blocked", "1:deadlock 0:rows"]);
    expect(steps.at(-1)).toBe("1:done");
  });

  test("shows a commit to read committed, and not to a snapshot", () => {
    const scripts = [[operation("r a0", "r a0")], [operation("w a0")]];
    const answers = (server: SimulatedServer): string[] | undefined =>
      play(server, scripts, [0, 1, 1, 0]).log[0];
    expect(answers(postgres)).toEqual(['{"values":[0]}', '{"values":[1]}', "commit"]);
    expect(answers({ ...postgres, isolation: "repeatable-read" })?.[1]).toBe('{"values":[0]}');
    expect(answers({ ...mariadb, isolation: "repeatable-read" })?.[1]).toBe('{"values":[0]}');
  });

  test("takes the snapshot with the first statement or, on MariaDB, the first plain read", () => {
    const scripts = [[operation("l b0", "r a0")], [operation("w a0")]];
    const read = (server: SimulatedServer): string | undefined =>
      play(server, scripts, [0, 1, 1, 0]).log[0]?.[1];
    expect(read({ ...postgres, isolation: "repeatable-read" })).toBe('{"values":[0]}');
    expect(read({ ...mariadb, isolation: "repeatable-read" })).toBe('{"values":[1]}');
  });

  test("refuses the second updater of a snapshot on PostgreSQL only", () => {
    const scripts = [[operation("r a0", "w a0")], [operation("w a0")]];
    const steps = (server: SimulatedServer): string[] => play(server, scripts, [0, 1, 1, 0]).steps;
    expect(steps({ ...postgres, isolation: "repeatable-read" })[3]).toBe("0:serialization");
    expect(steps({ ...mariadb, isolation: "repeatable-read" })[3]).toBe("0:rows");
  });

  test("shows what is not committed to MariaDB's read uncommitted only", () => {
    const scripts = [[operation("w a0")], [operation("r a0")]];
    const read = (server: SimulatedServer): string | undefined => play(server, scripts, [0, 1]).log[1]?.[0];
    expect(read({ ...mariadb, isolation: "read-uncommitted" })).toBe('{"values":[1]}');
    expect(read({ ...postgres, isolation: "read-uncommitted" })).toBe('{"values":[0]}');
    expect(read(mariadb)).toBe('{"values":[0]}');
  });

  test("locks what serializable reads on MariaDB", () => {
    const scripts = [[operation("r a0")], [operation("w a0")]];
    const { steps } = play({ ...mariadb, isolation: "serializable" }, scripts, [0, 1]);
    expect(steps[1]).toBe("1:blocked");
  });

  test("skips what is locked, and refuses a second insert with all that its transaction did", () => {
    expect(play(postgres, [[operation("w a0")], [operation("t a0")]], [0, 1]).log[1]?.[0]).toBe(
      '{"values":[null]}',
    );
    const scripts = [[operation("i a0")], [operation("w b0", "i a0")]];
    const { steps } = play(postgres, scripts, [0, 0, 1, 1]);
    expect(steps.filter((step) => step === "1:duplicate")).toHaveLength(2);
  });

  test("sends back the second that would wait, until a transaction has ended", () => {
    const writers = [0, 1, 2].map(() => [operation("w a0")]);
    const { steps } = play({ ...mariadb, oneWaiter: true }, writers, [0, 1, 2, 0, 2]);
    expect(steps.slice(0, 4)).toEqual(["0:rows", "1:blocked", "2:deferred", "0:done 1:rows"]);
    expect(steps.at(-1)).toBe("2:done");
  });

  test("lets one give up when all have come to wait and the server sees no deadlock", () => {
    const scripts = ["ab", "bc", "ca"].map((pair) => [
      operation(`w ${pair.charAt(0)}0`, `w ${pair.charAt(1)}0`),
    ]);
    const { log } = play({ ...mariadb, oneWaiter: true }, scripts, [0, 1, 2, 0, 1, 2]);
    expect(log.flat()).toContain("victim");
    expect(log.map((lines) => lines.at(-1))).toEqual(["commit", "commit", "commit"]);
  });
});
