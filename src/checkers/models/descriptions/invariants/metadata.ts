import type { Invariants } from "./invariant.ts";

/** What the check "metadata" finds. */
export const metadataInvariants: Invariants = {
  "lost-metadata-update": {
    meaning:
      "Two callers each read a document of tags, added one of their own, and wrote all of it back; both committed, and whoever came second wrote over a tag that it had never seen. It is what becomes of lost-update in a document that is replaced as a whole. To compare a version first is of no use when the UPDATE then goes by id: between the two statements somebody else may commit.",
    remedy:
      "Put the version into the UPDATE (WHERE id = ? AND version = ?), see whether it changed a row, and begin anew where it did not. Or let the database change the document in place (jsonb_set, JSON_SET); or read with SELECT … FOR UPDATE. PostgreSQL's REPEATABLE READ, and SERIALIZABLE everywhere, refuse the second writer, who must then try again; InnoDB's REPEATABLE READ does not.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "model/1/metadata", null]],
        [2, ["r", "model/1/metadata", null]],
        [1, ["w", "model/1/metadata", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "model/1/metadata", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "model/1/metadata", [2, "b"]]],
        [3, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G2-item", "lost-metadata-update", "lost-update"],
      moral: "Both read a document without tags, and each wrote back one with its own tag alone.",
      f: { 1: "update-metadata", 2: "update-metadata", 3: "read-at-rest" },
      data: {
        1: { tagged: { "model/1/metadata": "a" }, read: { "model/1/metadata": 0 } },
        2: { tagged: { "model/1/metadata": "b" }, read: { "model/1/metadata": 0 } },
        3: { tags: { "model/1/metadata": ["b"] } },
      },
      checks: ["metadata"],
    },
  },
};
