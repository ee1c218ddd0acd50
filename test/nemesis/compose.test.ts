import { expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import type { Arena } from "../../src/nemesis/arena.ts";
import { compose } from "../../src/nemesis/compose.ts";
import { everyDatabase, type Nemesis } from "../../src/nemesis/nemesis.ts";
import { stream } from "../../src/random/rng.ts";

function recorded(name: string, log: string[], fails = false): Nemesis {
  return {
    name,
    summary: `does ${name}`,
    databases: name === "b" ? ["postgres"] : everyDatabase,
    needs: name === "b" ? ["proxy", "own-server"] : ["own-server"],
    strike: () => {
      if (fails) return Promise.reject(new EnvironmentError(`${name} fails`));
      log.push(name);
      return Promise.resolve({
        did: `did ${name}`,
        undo: () => {
          log.push(`undo ${name}`);
          return Promise.resolve();
        },
      });
    },
  };
}

const arena = {} as Arena;
const rng = stream("1", "test");

test("both strike, and are undone in the opposite order", async () => {
  const log: string[] = [];
  const both = compose(recorded("a", log), recorded("b", log));
  expect(both).toMatchObject({ name: "a+b", databases: ["postgres"], needs: ["own-server", "proxy"] });
  const strike = await both.strike(arena, rng);
  expect(strike?.did).toBe("did a; did b");
  await strike?.undo?.();
  expect(log).toEqual(["a", "b", "undo b", "undo a"]);
});

test("the first is undone when the second cannot be injected", async () => {
  const log: string[] = [];
  await expect(compose(recorded("a", log), recorded("b", log, true)).strike(arena, rng)).rejects.toThrow(
    "b fails",
  );
  expect(log).toEqual(["a", "undo a"]);
});

test("with nothing to hit for any of them nothing was hit", async () => {
  const none: Nemesis = { ...recorded("a", []), strike: () => Promise.resolve(null) };
  expect(await compose(none, none).strike(arena, rng)).toBeNull();
});
