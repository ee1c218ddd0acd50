import type { Invariants } from "./invariant.ts";

/** What the check "bank" finds. */
export const bankInvariants: Invariants = {
  "non-conserved-balance": {
    meaning:
      "Money was only ever moved, and yet a transaction saw the accounts hold more or less than in the beginning. Either it asked for them with several statements that saw different moments (read skew), or saw a transfer that was half done (a dirty read); or a transfer wrote back a balance that another one had changed meanwhile (a lost update), and then the money is gone for good, or has come from nowhere.",
    remedy:
      "Who adds up asks with one statement, or reads from one snapshot (REPEATABLE READ). Who transfers lets the database add, UPDATE … SET balance = balance + amount, or reads with SELECT … FOR UPDATE before writing back. SERIALIZABLE with a retry on its errors helps both.",
    example: {
      steps: [
        [1, "begin"],
        [1, ["r", "bank/1/account/1", null]],
        [2, "begin"],
        [2, ["w", "bank/1/account/1", [1, "a"]]],
        [2, ["w", "bank/1/account/2", [1, "a"]]],
        [2, "commit"],
        [1, ["r", "bank/1/account/2", [1, "a"]]],
        [1, "commit"],
      ],
      model: "snapshot-isolation",
      finds: ["G-single-item", "non-conserved-balance"],
      moral:
        "Each account held 100. Session 2 moved 40 from account 1 to account 2; session 1 read the one before and the other after that: 240 in all.",
      f: { 1: "read-bank", 2: "transfer" },
      data: {
        1: { banks: { "bank/1": [200, { "1": [100, null], "2": [140, "a"] }] } },
        2: { paid: { "bank/1": "a" } },
      },
      checks: ["bank"],
    },
  },
  "negative-balance": {
    meaning:
      "Two payments each saw that the owner's accounts cover it, and together they took more than there was. Where they took from one account, the check was made before the other's change, and only the subtraction after it; where they took from different accounts of one owner, they wrote different rows, and it is write skew, which snapshot isolation allows.",
    remedy:
      "Check and subtract with one statement, UPDATE … SET balance = balance - amount WHERE balance >= amount, or have the database refuse by CHECK (balance >= 0), where one account is enough to decide. Where several decide, lock all of them with SELECT … FOR UPDATE, not only those that change; or use SERIALIZABLE with a retry on its errors.",
    example: {
      steps: [
        [1, "begin"],
        [2, "begin"],
        [1, ["r", "bank/1/account/1", null]],
        [1, ["r", "bank/1/account/2", null]],
        [2, ["r", "bank/1/account/1", null]],
        [2, ["r", "bank/1/account/2", null]],
        [1, ["w", "bank/1/account/1", [null, "a"]]],
        [1, "commit"],
        [2, ["w", "bank/1/account/2", [null, "b"]]],
        [2, "commit"],
        [3, "begin"],
        [3, ["r", "bank/1/account/1", [1, "a"]]],
        [3, ["r", "bank/1/account/2", [1, "b"]]],
        [3, "commit"],
      ],
      model: "serializable",
      finds: ["G2-item", "negative-balance"],
      moral:
        "An owner has 100 in each of two accounts. Each payment of 150 saw 200 in all, and each took from another account: now they hold -50 and -50.",
      f: { 1: "transfer", 2: "transfer", 3: "read-at-rest" },
      data: {
        1: { paid: { "bank/1": "a" } },
        2: { paid: { "bank/1": "b" } },
        3: { owners: { "bank/1/owner/1": { "1": [-50, "a"], "2": [-50, "b"] } } },
      },
      checks: ["bank"],
    },
  },
};
