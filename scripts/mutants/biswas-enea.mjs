import { m, untold } from "./mutant.mjs";

const be = "biswas-enea/";

export const biswasEneaMutants = [
  // The axioms.
  m(
    "be-read-committed: forces nothing",
    `${be}read-committed.ts`,
    "if (next !== none) forced.add",
    "if (false) forced.add",
  ),
  m(
    "be-read-committed: what counts is the last read from a writer",
    `${be}read-committed.ts`,
    "if (writer !== initial) firstRead[writer] = read; }",
    "if (writer !== initial && (firstRead[writer] ?? none) < from) firstRead[writer] = read; }",
  ),
  m(
    "be-read-committed: only the next read of a key counts",
    `${be}read-committed.ts`,
    "this.#writer[next] === writer ? (this.#nextOther[key] ?? none) : next",
    "this.#writer[next] === writer ? none : next",
  ),
  m("be-read-atomic: reads force nothing", `${be}read-atomic.ts`, "overReads(history, forced);", ""),
  m(
    "be-read-atomic: sessions force nothing",
    `${be}read-atomic.ts`,
    "overReads(history, forced); overSessions(history, forced);",
    "overReads(history, forced);",
  ),
  m(
    "be-read-atomic: a key that was read from two writers forces nothing",
    `${be}read-atomic.ts`,
    "if (first !== writer && first !== initial) forced.add(first, writer, node, key);",
    "",
  ),
  m(
    "be-read-atomic: the first write of a session counts",
    `${be}read-atomic.ts`,
    "session[key] = s; lastWriter[key] = node;",
    "if (session[key] !== s) lastWriter[key] = node; session[key] = s;",
  ),
  m("be-causal: sessions force nothing of their own", `${be}causal.ts`, "overSessions(history, forced);", ""),
  m(
    "be-causal: chains force nothing",
    `${be}causal.ts`,
    "overChains(history, order, past, forced);",
    "void past;",
  ),
  m(
    "be-causal: marked transactions force nothing",
    `${be}causal.ts`,
    "overMarked(history, order, segments.marked, forced);",
    "",
  ),
  m(
    "be-causal: the writer right before the reader does not count",
    `${be}causal.ts`,
    "?? 0) <= known)",
    "?? 0) < known)",
  ),
  m(
    "be-causal: what reads and sessions order is forced as well",
    `${be}causal.ts`,
    "if (source !== initial && (past[source * chainsPerPass + c] ?? 0) >= (position[last] ?? 0)) continue;",
    "",
    "the edge is one that the commit order has anyway",
  ),
  m(
    "be-causal: reads carry nothing on",
    `${be}chains.ts`,
    "if (known > (past[base + c] ?? 0)) past[base + c] = known;",
    "",
  ),
  m(
    "be-causal: those right before do not count",
    `${be}chains.ts`,
    "past[base + own] = position[before] ?? 0;",
    "void 0;",
  ),
  m(
    "be-causal: a chain goes on with what does not follow it",
    `${be}chains.ts`,
    "this.#busy[chain] === 1 || past[node * chainsPerPass + chain] !== this.length[chain]",
    "this.#busy[chain] === 1",
  ),
  m(
    "be: the initial version may be read after a write",
    `${be}forced-order.ts`,
    "if (this.stale.length < staleKept) this.stale.push({ writer: from, reader, key });",
    "",
  ),

  // The commit order.
  m(
    "be: sessions are not in the commit order",
    `${be}commit-order.ts`,
    "if (before !== nobody) add(before, node);",
    "",
  ),
  m(
    "be: reads are not in the commit order",
    `${be}commit-order.ts`,
    "if (writer !== initial) add(writer, node);",
    "",
  ),
  m("be: what is forced is not in the commit order", `${be}commit-order.ts`, "add(u, forcedTo[i] ?? 0);", ""),
  m(
    "be: what is broken is the model asked for, not the weakest",
    `${be}check-biswas-enea.ts`,
    "if (broken !== null) return broken;",
    "",
  ),
  m("be: lists are judged", `${be}check-biswas-enea.ts`, "if (misfit !== null) return", "if (false) return"),

  // What the models see of a history.
  ...["G1a", "G1b", "internal", "future-read", "garbage-read"].map((type) =>
    untold(`be: no ${type}`, `${be}register-history.ts`, type, "this.#findings"),
  ),
  m(
    "be: values from nowhere are errors in any history",
    `${be}register-history.ts`,
    'if (this.#transactions.history.beginning === "empty")',
    "if (true)",
  ),
  m(
    "be: values written twice are traced",
    `${be}register-history.ts`,
    "const known = writes.problems.length === 0;",
    "const known = true;",
  ),
  m(
    "be: reads of unknown outcome count",
    `${be}register-history.ts`,
    "if (known && transactions.committed[node] === 1)",
    "if (known)",
  ),
  m(
    "be: a transaction of unknown outcome that was seen did not write",
    `${be}register-history.ts`,
    "if (committed[node] === 1 || seen[node] === 1) {",
    "if (committed[node] === 1) {",
  ),
  m(
    "be: every transaction of unknown outcome wrote",
    `${be}register-history.ts`,
    "if (committed[node] === 1 || seen[node] === 1) {",
    "if (true) {",
    "one that nobody read from comes before nobody, so it forces nothing",
  ),
  m(
    "be: reads of own writes are like others",
    `${be}register-history.ts`,
    "} else if (this.#ownNode[key] !== node + 1) this.#external(at, key, value);",
    "} else if (true) this.#external(at, key, value);",
  ),
  m(
    "be: a session goes on while its last transaction is under way",
    `${be}sessions.ts`,
    "before !== nobody && (row[before] ?? 0) < (invoked >= 0 && invoked < at ? invoked : at);",
    "before !== nobody;",
    "a completion is matched only where its process had nothing else under way",
  ),
  m(
    "be: what follows one of unknown outcome in its session comes after it",
    `${be}sessions.ts`,
    "if (committed[node] === 1) last.set(process, node);",
    "last.set(process, node);",
  ),

  // What the models promise.
  m(
    "be: stronger models do not imply the weaker",
    `${be}be-models.ts`,
    "beModels.slice(0, beModels.indexOf(model) + 1)",
    "[model]",
  ),
  m(
    "be: every model that is ruled out is the weakest",
    `${be}be-models.ts`,
    "not: broken.slice(0, 1)",
    "not: broken",
  ),
  ...["G1a", "G1b", "future-read", "garbage-read", "internal"].map((type) =>
    m(`be: the models allow ${type}`, `${be}be-models.ts`, `"${type}"`, '"untold"'),
  ),
];
