import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { exhaustiveStrategy, type Exploration } from "../../src/scheduler/exhaustive-strategy.ts";
import { encodeSchedule } from "../../src/scheduler/schedule-json.ts";
import { scripts, servers } from "./arbitraries.ts";
import { explore } from "./simulation.ts";

describe("pruning", () => {
  test.each(servers)(
    "leaves every answer, final state and order in place on %o",
    (server) => {
      const total = { all: 0, pruned: 0, redundant: 0, seen: 0 };
      fc.assert(
        fc.property(scripts, (sessions) => {
          const every = explore(server, sessions, exhaustiveStrategy({ ...server, prune: false }));
          const pruning = exhaustiveStrategy(server);
          const some = explore(server, sessions, pruning);
          const seen = (list: typeof every): string[] => [...new Set(list.map((one) => one.seen))].sort();
          expect(seen(some)).toEqual(seen(every));
          total.all += every.length;
          total.pruned += some.length;
          total.redundant += pruning.redundant;
          total.seen += seen(every).length;
        }),
        { numRuns: 150 },
      );
      console.log(server, total);
    },
    120_000,
  );
});
