import type { Examples } from "./example.ts";

/** Circles of dependencies over searches: sets of rows that are searched and inserted into. */
export const searchExamples: Examples = {
  "G-single": {
    steps: [
      [1, "begin"],
      [1, ["rs", "bookings", []]],
      [2, "begin"],
      [2, ["add", "bookings", "a"]],
      [2, "commit"],
      [1, ["rs", "bookings", ["a"]]],
      [1, "commit"],
    ],
    model: "snapshot-isolation",
    finds: ["G-single"],
    moral: "The same search finds a row the second time that was not there the first time: a phantom.",
  },
  "G-nonadjacent": {
    steps: [
      [1, "begin"],
      [2, "begin"],
      [1, ["add", "rooms", "a"]],
      [2, ["add", "guests", "b"]],
      [3, "begin"],
      [4, "begin"],
      [1, "commit"],
      [3, ["rs", "rooms", ["a"]]],
      [3, ["rs", "guests", []]],
      [2, "commit"],
      [4, ["rs", "rooms", []]],
      [4, ["rs", "guests", ["b"]]],
      [3, "commit"],
      [4, "commit"],
    ],
    model: "snapshot-isolation",
    finds: ["G-nonadjacent"],
    moral:
      "Session 3 found the new room and no guest, session 4 the guest and no room: they disagree about which came first.",
  },
  G2: {
    steps: [
      [1, "begin"],
      [2, "begin"],
      [1, ["rs", "bookings", []]],
      [2, ["rs", "bookings", []]],
      [1, ["add", "bookings", "a"]],
      [2, ["add", "bookings", "b"]],
      [1, "commit"],
      [2, "commit"],
    ],
    model: "serializable",
    finds: ["G2"],
    moral:
      "Both looked for bookings, found none, and made one: the room is booked twice. Run one after the other, the second would have found the first.",
  },
  "predicate-read-miss": {
    steps: [
      [1, "begin"],
      [1, ["insert", "room/1", "free"]],
      [1, ["insert", "room/2", "taken"]],
      [1, "commit"],
      [2, "begin"],
      [2, ["rp", true, [["room/2", "taken"]]]],
      [2, "commit"],
    ],
    model: "serializable",
    finds: ["predicate-read-miss"],
    moral:
      "Both rooms were there from the beginning and nobody removed one. A search for all rooms finds only one of them.",
    f: { 1: "init", 2: "txn" },
  },
};
