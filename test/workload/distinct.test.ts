import { expect, test } from "vitest";

import { distinct } from "../../src/workload/distinct.ts";

test("each value that an argument has comes once, numbers before strings, whatever the order of the plan", () => {
  const plan = ["b", 10, "B", 9, "b", 10, null, true, ["b"]].map((name) => ({ f: "rename", args: { name } }));
  const other = { f: "leave", args: { user: 1 } };
  expect(distinct([other, ...plan], "name")).toEqual([9, 10, "B", "b"]);
  expect(distinct([...plan].reverse(), "name")).toEqual([9, 10, "B", "b"]);
  expect(distinct([other], "name")).toEqual([]);
});
