import { Abort, below, defineWorkload, distinct, hotKeys, invariant, retryOn, serverRefusals } from "isolab";
import type { Json, OperationDefinition, Transaction } from "isolab";

/** Redeeming a coupon: two people may, whoever comes first. A redemption is a row, and never changes. */
export default defineWorkload({
  name: "coupons",
  summary: "redeem a coupon, unless it is used up",
  schema: () => [
    "create table coupons (id int primary key, uses_left int not null)",
    "create table redemptions (coupon int, attempt varchar(40), primary key (coupon, attempt))",
  ],
  setup: (_, plan) => distinct(plan, "coupon").map((coupon) => `insert into coupons values (${coupon}, 2)`),
  generator: () => hotKeys({ active: 2, uses: 8, operation: (n) => ({ f: "redeem", args: { coupon: n } }) }),
  checks: [
    invariant<{ redeemed: number }>({
      name: "over-redeemed",
      summary: "a coupon is good for two",
      each: ({ f, data }) => f === "read-at-rest" && data.redeemed > 2 && `${data.redeemed} redeemed one`,
    }),
  ],
  operations: {
    "read-at-rest": async (session, { coupon = 0 }) => {
      const seen = await session.transaction((tx) => redemptionsOf(tx, coupon));
      return { value: [["rs", coupon, seen]], data: { redeemed: seen.length } };
    },
  },
  variants: {
    naive: {
      summary: "count the redemptions, and add one if there are few enough",
      operations: { redeem: redeem(async (tx, coupon) => (await redemptionsOf(tx, coupon)).length < 2) },
      expect: [{ at: below("serializable"), must: ["over-redeemed"] }],
    },
    counted: {
      summary: "first take one of the uses that are left, in one UPDATE",
      operations: { redeem: redeem(async (tx, coupon) => (await tx.query(takeOne, [coupon])).affected > 0) },
      retry: retryOn(...serverRefusals),
      expect: [{ never: ["over-redeemed"] }],
    },
  },
});

const takeOne = "update coupons set uses_left = uses_left - 1 where id = $1 and uses_left > 0";
function redeem(isLeft: (tx: Transaction, coupon: Json) => Promise<boolean>): OperationDefinition {
  return {
    invoke: ({ coupon = 0 }, attempt) => [["add", coupon, attempt]],
    run: (session, { coupon = 0 }, attempt) =>
      session.transaction(async (tx) => {
        if (!(await isLeft(tx, coupon))) throw new Abort("used-up");
        await session.think();
        await tx.query("insert into redemptions values ($1, $2)", [coupon, attempt]);
        return { value: [["add", coupon, attempt]] };
      }),
  };
}

async function redemptionsOf(tx: Transaction, coupon: Json): Promise<readonly string[]> {
  const { rows } = await tx.query("select attempt from redemptions where coupon = $1 order by 1", [coupon]);
  return rows.map(({ attempt }) => String(attempt));
}
