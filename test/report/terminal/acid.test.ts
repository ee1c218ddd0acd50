import { expect, test } from "vitest";

import { acidText, type AcidLine } from "../../../src/report/terminal/acid.ts";
import { plain } from "../../../src/report/terminal/style.ts";

const database = { kind: "postgres", version: "18.4" };

function dirtyRead(isolation: string, observed: string, more: Partial<AcidLine> = {}): AcidLine {
  return { property: "isolation", name: "dirty read", isolation, observed, outcome: "kept", ...more };
}

test("the levels stand side by side, and what a level forbids is told apart from what it allows", () => {
  const checks: AcidLine[] = [
    { property: "consistency", name: "a second version", observed: "accepted", outcome: "broken" },
    dirtyRead("read-uncommitted", "draft", { shows: true }),
    dirtyRead("read-committed", "draft", { shows: true, outcome: "broken" }),
    dirtyRead("serializable", "first", { shows: false }),
    { property: "durability", name: "killed", observed: "not tried", outcome: "not-tried" },
  ];
  expect(acidText({ database, checks }, plain)).toBe(
    [
      "ACID on postgres 18.4",
      "",
      "consistency",
      "  ✗ a second version",
      "      accepted",
      "",
      "isolation",
      "  dirty read  A changes a description and does not commit; B reads it; A rolls back",
      "",
      "                    dirty read",
      "  read-uncommitted  draft: shows",
      "  read-committed    draft: shows, and is forbidden",
      "  serializable      first",
      "",
      "durability",
      "  – killed",
      "      not tried",
      "",
      "✗ 2 of 5 broke what the server promises; 1 not tried",
    ].join("\n"),
  );
});

test("where nothing was tried nothing was kept", () => {
  expect(acidText({ database, checks: [] }, plain)).toBe("ACID on postgres 18.4\n\nNothing was tried.");
});
