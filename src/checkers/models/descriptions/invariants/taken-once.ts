import type { Example } from "../examples/example.ts";
import type { Invariants } from "./invariant.ts";

/** What the checks "bookings", "vouchers" and "names" find. */
export const takenOnceInvariants: Invariants = {
  "double-booking": {
    meaning:
      "Two callers each looked for bookings of the room that overlap their own, found none, and inserted it; both committed. Neither wrote a row that the other one had read, for there was none: write skew by a phantom.",
    remedy:
      "An exclusion constraint (PostgreSQL), or a row for each room and slot with a unique key. Or change a row that stands for the room before looking; SERIALIZABLE with a retry on its errors. SELECT … FOR UPDATE on the bookings that overlap locks nothing where none do, except from InnoDB's REPEATABLE READ on, which locks the gap; and a lock on the room's row without changing it is not enough at PostgreSQL's REPEATABLE READ.",
    example: phantom("double-booking", "room/1/slot/2", {
      f: "book",
      moral: "Both found slot 2 free and booked it.",
      checks: "bookings",
    }),
  },
  "voucher-used-twice": {
    meaning:
      "Two orders each saw that the voucher was unused, and each used it; both committed. Where check and use are in one transaction, it is a lost update of the voucher's row, or write skew where uses are rows of their own. Where they are in two transactions, the database has done nothing wrong, and no level helps.",
    remedy:
      "Use it on condition that it is unused, UPDATE … WHERE used_by IS NULL, and see whether a row was changed; or a unique key on the voucher where uses are rows. Or check and use in one transaction, with SELECT … FOR UPDATE, or at SERIALIZABLE with a retry on its errors.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "voucher/1", null]],
        [2, ["r", "voucher/1", null]],
        [1, ["w", "voucher/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "voucher/1", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "voucher/1", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-update", "voucher-used-twice"],
      moral: "Both found the voucher unused. Its row tells only of the second one.",
      f: { 1: "order", 2: "order", 3: "read-at-rest" },
      data: { 1: { took: { "voucher/1": "a" } }, 2: { took: { "voucher/1": "b" } } },
      checks: ["vouchers"],
    },
  },
  "duplicate-row": {
    meaning:
      "Two callers each looked for the row of a name, found none, and inserted one; both committed. From then on who asks for the row of that name gets one or the other. One INSERT … WHERE NOT EXISTS is the same race.",
    remedy:
      "A unique key on the name, and after a violation another attempt in a new transaction, which finds the row; or INSERT … ON CONFLICT DO NOTHING (MySQL: INSERT IGNORE) on top of that key. Without a key, SERIALIZABLE with a retry on its errors.",
    example: phantom("duplicate-row", "name/tag-1", {
      f: "find-or-create",
      moral: "Both found no row of the name and created one.",
      checks: "names",
    }),
  },
};

/** Two that both see nothing there, and both insert. */
function phantom(
  anomaly: string,
  thing: string,
  { f, moral, checks }: { readonly f: string; readonly moral: string; readonly checks: string },
): Example {
  return {
    steps: [
      [1, "begin"],
      [2, "begin"],
      [1, ["rs", thing, []]],
      [2, ["rs", thing, []]],
      [1, ["add", thing, "a"]],
      [1, "commit"],
      [2, ["add", thing, "b"]],
      [2, "commit"],
    ],
    model: "serializable",
    finds: ["G2", anomaly],
    moral,
    f,
    data: { 1: { took: { [thing]: "a" } }, 2: { took: { [thing]: "b" } } },
    checks: [checks],
  };
}
