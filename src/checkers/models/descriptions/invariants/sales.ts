import type { Invariants } from "./invariant.ts";

const remedy =
  "Check and subtract with one statement, UPDATE … SET stock = stock - 1 WHERE stock > 0, and see whether a row was changed; or have the database refuse by CHECK (stock >= 0) besides subtracting in it. Or read with SELECT … FOR UPDATE in the transaction that writes. PostgreSQL's REPEATABLE READ, and SERIALIZABLE everywhere, refuse the second writer, who must then try again; nothing helps where check and act are in different transactions.";

/** What the check "sales" finds. */
export const salesInvariants: Invariants = {
  oversold: {
    meaning:
      "Several sales each saw that a piece was left, and together they sold more than there were. Where each wrote back what it had computed, the stock does not even show it: it is the number that the last one wrote.",
    remedy,
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "item/1", null]],
        [2, ["r", "item/1", null]],
        [1, ["w", "item/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "item/1", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "item/1", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-update", "oversold"],
      moral: "There was one piece. Both saw it and wrote 0: two are sold, and the stock looks well.",
      f: { 1: "sell", 2: "sell", 3: "read-at-rest" },
      data: {
        1: { took: { "item/1": "a" } },
        2: { took: { "item/1": "b" } },
        3: { pieces: { "item/1": 1 }, stocks: { "item/1": 0 } },
      },
      checks: ["sales"],
    },
  },
  "negative-stock": {
    meaning:
      "Several sales each saw that a piece was left, and each had the database subtract one: no sale is lost, but the stock is below zero. The check was made before another sale's change, and the subtraction after it.",
    remedy,
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "item/1", null]],
        [2, ["r", "item/1", null]],
        [1, ["w", "item/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "item/1", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "item/1", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-update", "negative-stock", "oversold"],
      moral: "There was one piece. Both saw it, and both subtracted one.",
      f: { 1: "sell", 2: "sell", 3: "read-at-rest" },
      data: {
        1: { took: { "item/1": "a" } },
        2: { took: { "item/1": "b" } },
        3: { pieces: { "item/1": 1 }, stocks: { "item/1": -1 } },
      },
      checks: ["sales"],
    },
  },
};
