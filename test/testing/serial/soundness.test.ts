import fc from "fast-check";
import { expect, test } from "vitest";

import { acts, SmallWorld, whims } from "./small-world.ts";

const programs = fc.array(fc.array(acts, { maxLength: 4 }), { minLength: 1, maxLength: 3 });
const turns = fc.array(fc.nat({ max: 5 }), { maxLength: 15 });

test("sessions that touch nothing of each other's are serializable, whatever keys and times they got", async () => {
  await fc.assert(
    fc.asyncProperty(programs, whims, turns, async (program, whim, turn) => {
      const world = new SmallWorld(program, whim);
      const verdict = await world.oracle.judge(await world.interleaved(turn));
      expect(verdict).toMatchObject({ serializable: true });
    }),
    { numRuns: 400 },
  );
});

test("so they are when the oracle has learnt what it knows from other orders first", async () => {
  await fc.assert(
    fc.asyncProperty(programs, whims, turns, async (program, whim, turn) => {
      const world = new SmallWorld(program, whim);
      await world.oracle.rehearse();
      const outcome = await world.interleaved(turn);
      expect(await world.oracle.judge(world.corrupt(outcome, 0))).toMatchObject({ serializable: false });
      expect(await world.oracle.judge(outcome)).toMatchObject({ serializable: true });
      expect(await world.oracle.judge(await world.interleaved([]))).toMatchObject({ serializable: true });
    }),
    { numRuns: 200 },
  );
});
