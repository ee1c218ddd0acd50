import { expect, test } from "vitest";

import { forever } from "../../src/generators/forever.ts";
import { limit } from "../../src/generators/limit.ts";
import { mix } from "../../src/generators/mix.ts";
import { phases } from "../../src/generators/phases.ts";
import { encodePlan } from "../../src/generators/plan-json.ts";
import { drawPlan, type PlanOperation } from "../../src/generators/plan.ts";
import { stagger } from "../../src/generators/stagger.ts";
import { listAppendTransactions, registerTransactions } from "../../src/generators/transactions.ts";
import type { Generator } from "../../src/generators/generator.ts";

// A change here means that old seeds give other plans: say so in the changelog, under Replay.

function seed42<T extends PlanOperation>(generator: Generator<T>): string {
  return encodePlan(drawPlan(generator, { seed: "42", sessions: 3, operations: 20 }));
}

test("list-append transactions of seed 42", () => {
  expect(seed42(listAppendTransactions())).toMatchInlineSnapshot(`
    "{"isolab-plan":1,"seed":"42","exhausted":false,"sessions":[
    [
    {"id":0,"session":0,"f":"txn","args":{"mops":[["append",1,1],["append",0,1]]}},
    {"id":3,"session":0,"f":"txn","args":{"mops":[["append",1,3],["r",0,null]]}},
    {"id":6,"session":0,"f":"txn","args":{"mops":[["append",0,2],["append",2,1]]}},
    {"id":9,"session":0,"f":"txn","args":{"mops":[["r",2,null],["append",2,2],["append",1,5]]}},
    {"id":12,"session":0,"f":"txn","args":{"mops":[["append",1,7],["r",0,null],["r",0,null]]}},
    {"id":15,"session":0,"f":"txn","args":{"mops":[["r",0,null]]}},
    {"id":18,"session":0,"f":"txn","args":{"mops":[["r",1,null],["r",0,null],["append",0,8]]}}
    ],
    [
    {"id":1,"session":1,"f":"txn","args":{"mops":[["r",2,null],["r",1,null],["r",2,null],["r",0,null]]}},
    {"id":4,"session":1,"f":"txn","args":{"mops":[["append",3,1]]}},
    {"id":7,"session":1,"f":"txn","args":{"mops":[["append",0,3],["append",0,4],["r",1,null]]}},
    {"id":10,"session":1,"f":"txn","args":{"mops":[["r",0,null],["append",1,6]]}},
    {"id":13,"session":1,"f":"txn","args":{"mops":[["append",0,6],["append",2,3]]}},
    {"id":16,"session":1,"f":"txn","args":{"mops":[["r",3,null]]}},
    {"id":19,"session":1,"f":"txn","args":{"mops":[["append",1,9],["append",3,2]]}}
    ],
    [
    {"id":2,"session":2,"f":"txn","args":{"mops":[["append",1,2],["r",0,null]]}},
    {"id":5,"session":2,"f":"txn","args":{"mops":[["r",1,null]]}},
    {"id":8,"session":2,"f":"txn","args":{"mops":[["append",1,4]]}},
    {"id":11,"session":2,"f":"txn","args":{"mops":[["append",0,5],["r",1,null]]}},
    {"id":14,"session":2,"f":"txn","args":{"mops":[["r",0,null],["append",1,8],["r",1,null]]}},
    {"id":17,"session":2,"f":"txn","args":{"mops":[["append",0,7],["r",1,null],["r",0,null]]}}
    ]
    ]}
    "
  `);
});

test("list-append transactions of seed 42 on few, short-lived keys", () => {
  expect(
    seed42(
      listAppendTransactions({ keyCount: 3, maxWritesPerKey: 2, keyDistribution: "zipf", readFraction: 0.3 }),
    ),
  ).toMatchInlineSnapshot(`
    "{"isolab-plan":1,"seed":"42","exhausted":false,"sessions":[
    [
    {"id":0,"session":0,"f":"txn","args":{"mops":[["append",1,1],["append",0,1]]}},
    {"id":3,"session":0,"f":"txn","args":{"mops":[["append",4,1],["r",0,null]]}},
    {"id":6,"session":0,"f":"txn","args":{"mops":[["append",0,2],["append",4,2]]}},
    {"id":9,"session":0,"f":"txn","args":{"mops":[["r",2,null],["append",2,2],["append",6,2]]}},
    {"id":12,"session":0,"f":"txn","args":{"mops":[["append",9,1],["r",8,null],["r",8,null]]}},
    {"id":15,"session":0,"f":"txn","args":{"mops":[["r",8,null]]}},
    {"id":18,"session":0,"f":"txn","args":{"mops":[["append",12,1],["r",12,null],["append",12,2]]}}
    ],
    [
    {"id":1,"session":1,"f":"txn","args":{"mops":[["append",1,2],["append",3,1],["r",3,null],["r",0,null]]}},
    {"id":4,"session":1,"f":"txn","args":{"mops":[["append",2,1]]}},
    {"id":7,"session":1,"f":"txn","args":{"mops":[["append",5,1],["append",5,2],["r",4,null]]}},
    {"id":10,"session":1,"f":"txn","args":{"mops":[["append",7,1],["append",7,2]]}},
    {"id":13,"session":1,"f":"txn","args":{"mops":[["append",8,2],["append",9,2]]}},
    {"id":16,"session":1,"f":"txn","args":{"mops":[["r",2,null]]}},
    {"id":19,"session":1,"f":"txn","args":{"mops":[["append",13,1],["append",14,1]]}}
    ],
    [
    {"id":2,"session":2,"f":"txn","args":{"mops":[["append",3,2],["r",0,null]]}},
    {"id":5,"session":2,"f":"txn","args":{"mops":[["r",4,null]]}},
    {"id":8,"session":2,"f":"txn","args":{"mops":[["append",6,1]]}},
    {"id":11,"session":2,"f":"txn","args":{"mops":[["append",8,1],["r",6,null]]}},
    {"id":14,"session":2,"f":"txn","args":{"mops":[["r",8,null],["append",10,1],["r",10,null]]}},
    {"id":17,"session":2,"f":"txn","args":{"mops":[["append",11,1],["append",10,2],["append",11,2]]}}
    ]
    ]}
    "
  `);
});

test("register transactions of seed 42", () => {
  expect(seed42(registerTransactions({ keyDistribution: "uniform", maxLength: 2 }))).toMatchInlineSnapshot(`
    "{"isolab-plan":1,"seed":"42","exhausted":false,"sessions":[
    [
    {"id":0,"session":0,"f":"txn","args":{"mops":[["w",6,1]]}},
    {"id":3,"session":0,"f":"txn","args":{"mops":[["r",2,null]]}},
    {"id":6,"session":0,"f":"txn","args":{"mops":[["r",7,null],["r",0,null]]}},
    {"id":9,"session":0,"f":"txn","args":{"mops":[["w",6,3],["w",4,2]]}},
    {"id":12,"session":0,"f":"txn","args":{"mops":[["w",6,4],["w",1,2]]}},
    {"id":15,"session":0,"f":"txn","args":{"mops":[["w",4,3]]}},
    {"id":18,"session":0,"f":"txn","args":{"mops":[["r",3,null]]}}
    ],
    [
    {"id":1,"session":1,"f":"txn","args":{"mops":[["w",6,2]]}},
    {"id":4,"session":1,"f":"txn","args":{"mops":[["w",5,1]]}},
    {"id":7,"session":1,"f":"txn","args":{"mops":[["r",8,null],["r",5,null]]}},
    {"id":10,"session":1,"f":"txn","args":{"mops":[["w",5,2]]}},
    {"id":13,"session":1,"f":"txn","args":{"mops":[["w",6,5],["r",4,null]]}},
    {"id":16,"session":1,"f":"txn","args":{"mops":[["w",0,1],["w",5,4]]}},
    {"id":19,"session":1,"f":"txn","args":{"mops":[["w",7,1],["r",5,null]]}}
    ],
    [
    {"id":2,"session":2,"f":"txn","args":{"mops":[["w",3,1],["w",3,2]]}},
    {"id":5,"session":2,"f":"txn","args":{"mops":[["r",2,null]]}},
    {"id":8,"session":2,"f":"txn","args":{"mops":[["w",4,1]]}},
    {"id":11,"session":2,"f":"txn","args":{"mops":[["w",1,1]]}},
    {"id":14,"session":2,"f":"txn","args":{"mops":[["w",5,3]]}},
    {"id":17,"session":2,"f":"txn","args":{"mops":[["r",0,null]]}}
    ]
    ]}
    "
  `);
});

test("a mixed and staggered plan of seed 42 with a phase at its end", () => {
  const transfer = forever((rng): PlanOperation => ({ f: "transfer", args: { amount: rng.int(100) } }));
  const audit = forever((): PlanOperation => ({ f: "audit", args: {} }));
  const busy = stagger(1_000_000, mix([[4, transfer], [1, audit]])); // prettier-ignore
  expect(seed42(phases(limit(16, busy), audit))).toMatchInlineSnapshot(`
    "{"isolab-plan":1,"seed":"42","exhausted":false,"sessions":[
    [
    {"id":0,"session":0,"f":"transfer","args":{"amount":68},"atNanos":1205967},
    {"id":3,"session":0,"f":"transfer","args":{"amount":75},"atNanos":4065383},
    {"id":6,"session":0,"f":"transfer","args":{"amount":46},"atNanos":6092174},
    {"id":9,"session":0,"f":"transfer","args":{"amount":55},"atNanos":8361612},
    {"id":12,"session":0,"f":"transfer","args":{"amount":54},"atNanos":12427945},
    {"id":15,"session":0,"f":"transfer","args":{"amount":83},"atNanos":13875163},
    {"id":18,"session":0,"f":"audit","args":{},"phase":1}
    ],
    [
    {"id":1,"session":1,"f":"transfer","args":{"amount":64},"atNanos":2713321},
    {"id":4,"session":1,"f":"transfer","args":{"amount":15},"atNanos":4404120},
    {"id":7,"session":1,"f":"transfer","args":{"amount":20},"atNanos":6120832},
    {"id":10,"session":1,"f":"transfer","args":{"amount":48},"atNanos":10916881},
    {"id":13,"session":1,"f":"transfer","args":{"amount":74},"atNanos":12681237},
    {"id":16,"session":1,"f":"audit","args":{},"phase":1},
    {"id":19,"session":1,"f":"audit","args":{},"phase":1}
    ],
    [
    {"id":2,"session":2,"f":"transfer","args":{"amount":37},"atNanos":3789717},
    {"id":5,"session":2,"f":"transfer","args":{"amount":52},"atNanos":4759748},
    {"id":8,"session":2,"f":"transfer","args":{"amount":89},"atNanos":8277140},
    {"id":11,"session":2,"f":"transfer","args":{"amount":65},"atNanos":12168544},
    {"id":14,"session":2,"f":"transfer","args":{"amount":74},"atNanos":13740912},
    {"id":17,"session":2,"f":"audit","args":{},"phase":1}
    ]
    ]}
    "
  `);
});
