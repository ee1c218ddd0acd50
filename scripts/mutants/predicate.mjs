import { m, untold } from "./mutant.mjs";

const predicate = "infer/predicate/";
const versioned = "infer/versioned/";

export const predicateMutants = [
  // What reads by predicates show, and do not show.
  m(
    "predicate: no wr from what went out of sight",
    `${predicate}predicate-edges.ts`,
    "gone(reader, from, rank);",
    "",
  ),
  m("predicate: no rw", `${predicate}predicate-edges.ts`, "toCome(reader, from, rank);", ""),
  m(
    "predicate: predicate rw is item rw",
    `${predicate}predicate-edges.ts`,
    "connector(edges, hidden.toCome, edge.rwp)",
    "connector(edges, hidden.toCome, edge.rw)",
  ),
  m(
    "predicate: rows that are shown are not shown either",
    `${predicate}predicate-edges.ts`,
    "from = rank + 1;",
    "from = rank;",
  ),
  m(
    "predicate: rows after the last one shown do not count",
    `${predicate}predicate-edges.ts`,
    "for (const rank of [...excluded, hidden.keys.length])",
    "for (const rank of excluded)",
  ),
  m(
    "predicate: the reader's own rows are like others'",
    `${predicate}predicate-edges.ts`,
    "for (const i of ownItems.get(reader) ?? []) {",
    "for (const i of (ownItems.get(reader) ?? []).slice(0, 0)) {",
  ),
  m(
    "predicate: helpers lead to the readers of what is to come",
    `${predicate}predicate-edges.ts`,
    "type === edge.wr ? fanIn(edges, items, type) : fanOut(edges, items, type)",
    "fanIn(edges, items, type)",
  ),
  m(
    "predicate: helpers lead from the readers of what is gone",
    `${predicate}predicate-edges.ts`,
    "type === edge.wr ? fanIn(edges, items, type) : fanOut(edges, items, type)",
    "fanOut(edges, items, type)",
  ),
  untold("predicate: no internal", `${predicate}predicate-edges.ts`, "internal"),
  m(
    "predicate: internal where the own row shows",
    `${predicate}predicate-edges.ts`,
    "shows.has(version) && !shown.has(key)",
    "shows.has(version)",
  ),
  m(
    "predicate: internal by the own row's first version",
    `${predicate}predicate-edges.ts`,
    "if (version !== none) own.set",
    "if (version !== none && !own.has(versions.key[version] ?? 0)) own.set",
  ),
  m(
    "predicate: internal by what is written after the read",
    `${predicate}predicate-edges.ts`,
    "mop < (reads.mop[read] ?? 0); mop++",
    "mop < (history.mopStart[(row[reads.node[read] ?? 0] ?? 0) + 1] ?? 0); mop++",
  ),
  untold(
    "predicate: no predicate-read-miss by predicates",
    `${predicate}predicate-edges.ts`,
    "predicate-read-miss",
  ),
  m(
    "predicate: predicate-read-miss of a row that was shown",
    `${predicate}predicate-edges.ts`,
    "if (missed >= 0 && missed < rank)",
    "if (missed >= 0)",
  ),
  untold(
    "predicate: no predicate-read-miss of rows by themselves",
    `${versioned}row-findings.ts`,
    "predicate-read-miss",
  ),
  m(
    "predicate: any row that is missed is a predicate-read-miss",
    `${versioned}row-findings.ts`,
    "if (impossible) findings",
    "if (true) findings",
  ),
  m(
    "predicate: failed versions match",
    `${predicate}matching-versions.ts`,
    "&& state[v] !== writerState.failed",
    "",
  ),
  m(
    "predicate: all values match an equality",
    `${predicate}matching-versions.ts`,
    "return index.get(predicate.value) ?? [];",
    "return candidates;",
  ),
  m(
    "predicate: remainders may be negative",
    `${predicate}predicate.ts`,
    "((value % divisor) + divisor) % divisor",
    "value % divisor",
  ),
  m(
    "predicate: inherited members are fields",
    `${predicate}predicate.ts`,
    "Object.hasOwn(value, field)",
    "field in value",
  ),
  m(
    "predicate: rows that it rejects may be shown",
    `${predicate}predicate-reads.ts`,
    "else if (!matches(predicate, shown.value))",
    "else if (false)",
  ),
  m(
    "predicate: what is none is passed over",
    `${predicate}predicate-reads.ts`,
    "if (predicate === null) {",
    "if (predicate === null) return; if (predicate === null) {",
  ),
  m(
    "predicate: reads of unknown outcome count",
    `${predicate}predicate-reads.ts`,
    "if (committed[node] !== 1) continue;",
    "",
  ),
  m(
    "predicate: a read without a result found nothing",
    `${predicate}predicate-reads.ts`,
    "&& history.mopShape[mop] !== shapeCode.none)",
    ")",
  ),

  // When a row is out of sight.
  m("rows: no version hides a row", `${versioned}unseen-row.ts`, "if (!shows(v)) hides.add(v);", ""),
  m(
    "rows: every row is there from the beginning",
    `${versioned}unseen-row.ts`,
    "if ((order.founder[key] ?? none) === none) hides.add(nothingThere);",
    "",
  ),
  m(
    "rows: no row is there from the beginning",
    `${versioned}unseen-row.ts`,
    "if ((order.founder[key] ?? none) === none) hides.add(nothingThere);",
    "hides.add(nothingThere);",
  ),
  m(
    "rows: what comes after some state out of sight is to come",
    `${versioned}unseen-row.ts`,
    "above.get(v)?.count === hides.size &&",
    "",
  ),
  m(
    "rows: what stays in sight comes into sight",
    `${versioned}unseen-row.ts`,
    "&& hides.has(order.previous[v] ?? none),",
    ",",
    "the version that comes into sight is before it, so the edge says what a path says already",
  ),
  m(
    "rows: versions of unknown outcome are to come",
    `${versioned}unseen-row.ts`,
    "order.visible[v] === 1 && !hides.has(v)",
    "!hides.has(v)",
  ),
  m("rows: what is out of sight is to come", `${versioned}unseen-row.ts`, "!hides.has(v) &&", ""),
  m(
    "rows: the first state out of sight was there, whatever the others",
    `${versioned}unseen-row.ts`,
    "others.every((v) => v === first || above.get(v)?.top === first);",
    "true;",
  ),
  m(
    "rows: the first state out of sight may be of unknown outcome",
    `${versioned}unseen-row.ts`,
    "order.visible[first] === 1 && others",
    "others",
  ),
  m(
    "rows: the delete that ended a row is like other states",
    `${versioned}unseen-row.ts`,
    "const others = [...hides].filter((v) => v !== lastDelete);",
    "const others = [...hides];",
  ),
  m(
    "rows: failed versions may be what a read found",
    `${versioned}unseen-row.ts`,
    "ids.filter((v) => versions.state[v] !== writerState.failed)",
    "ids.filter(() => true)",
  ),
  m(
    "rows: a row that cannot be missed may be",
    `${versioned}unseen-row.ts`,
    "{ ...nothingFollows, impossible: true }",
    "nothingFollows",
  ),
  m(
    "rows: no wr from the delete to who finds nothing",
    `${versioned}row-edges.ts`,
    "edges.add(versions.node[gone] ?? 0, reader, edge.wr, of);",
    "void 0;",
  ),

  // The order of a row's versions.
  m(
    "rows: nobody knows what was there in the beginning",
    `${versioned}row-order.ts`,
    "const founder = inserts.find(isFounder) ?? none;",
    "const founder: number = none;",
  ),
  m(
    "rows: a beginning of unknown outcome is one",
    "infer/closed-predicate.ts",
    "state[version] === writerState.committed &&",
    "",
  ),
  m(
    "rows: every insert is a beginning",
    "infer/closed-predicate.ts",
    "history.f[row[version] ?? 0] === init",
    "true",
  ),
  m("rows: numbers are trusted across inserts", `${versioned}row-order.ts`, "inserts.length < 2 &&", ""),
  m(
    "rows: numbers are trusted where an insert is not the first",
    `${versioned}row-order.ts`,
    "if (insert !== none && sorted[0] !== insert) return false;",
    "",
  ),
  m(
    "rows: of several inserts one begins the row's only life",
    `${versioned}row-order.ts`,
    "inserts.length === 1 && deletes",
    "deletes",
  ),
  m(
    "rows: of several deletes one ends the row's only life",
    `${versioned}row-order.ts`,
    "&& deletes.length < 2 && order",
    "&& order",
  ),
  m(
    "rows: an insert of unknown outcome begins a life",
    `${versioned}row-order.ts`,
    "order.visible[insert] === 1 &&",
    "",
  ),
  m(
    "rows: a life may be what numbers or failed versions deny",
    `${versioned}row-order.ts`,
    "trusted && inserts.length === 1",
    "inserts.length === 1",
  ),
  m(
    "rows: a life has no beginning",
    `${versioned}row-order.ts`,
    "if (v === founder || (oneLife && v === insert)) order.previous[v] = nothingThere;",
    "if (v === founder) order.previous[v] = nothingThere;",
  ),
  m(
    "rows: a life has no end",
    `${versioned}row-order.ts`,
    "if (oneLife) order.lastDelete[key] = deletes[0] ?? none;",
    "",
  ),
  m(
    "rows: nothing comes before the end of a life",
    `${versioned}row-edges.ts`,
    "return last !== none && last !== version && visible[last] === 1 ? [last] : [];",
    "return [];",
  ),
  m(
    "rows: an end of unknown outcome is one",
    `${versioned}row-edges.ts`,
    "last !== version && visible[last] === 1 ?",
    "last !== version ?",
  ),
];
