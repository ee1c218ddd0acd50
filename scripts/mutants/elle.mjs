import { m } from "./mutant.mjs";

export const elleMutants = [
  m(
    "elle: paths grow from the last operation first",
    "elle/visiting-order.ts",
    "if (group?.length === 1) ordered.push(...group);",
    "if (group?.length === 1) ordered.unshift(...group);",
  ),
  m(
    "elle: any loop is a cycle from where the path began",
    "elle/elle-search.ts",
    "if (path.node === origin) return nodes.slice(0, -1);",
    "return nodes.slice(0, -1);",
  ),
  m(
    "elle: what must be taken may be left out",
    "elle/elle-search.ts",
    'if (path.want !== 0 || path.wantRw !== 0 || path.mode === "taken") continue;',
    'if (path.mode === "taken") continue;',
  ),
  m(
    "elle: the last and the first may be adjacent",
    "elle/elle-search.ts",
    'if (path.want !== 0 || path.wantRw !== 0 || path.mode === "taken") continue;',
    "if (path.want !== 0 || path.wantRw !== 0) continue;",
  ),
  m(
    "elle: rw may be taken again and again",
    "elle/elle-search.ts",
    'if (path.mode === "once") return { ...grown, wantRw: 0, mode: "plain" };',
    'if (path.mode === "once") return { ...grown, wantRw: 0, mode: "once" };',
  ),
  m(
    "elle: helpers are left out",
    "elle/elle-graph.ts",
    "else if (!seen.has(to)) reach(to, bits, seen.add(to));",
    "",
  ),
  m(
    "elle: there is no real time",
    "elle/elle-graph.ts",
    "for (const [from, to] of realtime) add(from, to, edge.realtime);",
    "",
  ),
  m(
    "elle: registers are explained like lists",
    "elle/elle-namer.ts",
    "view.readsFirst ? readsFirst : stepOrder",
    "stepOrder",
    "it decides only whether a type counts as given up, and what it is then searched for was found",
  ),
  m(
    "elle: a cycle of another type is reported by its own name",
    "elle/elle-namer.ts",
    'if (gaveUp && spec.rwCount !== "none") return { name: null, gaveUp };',
    "",
  ),
  m(
    "elle: what it gives up proves nothing",
    "cycles/find-cycles.ts",
    "keepGivenUp(leftover, { found, unnamed, proofs }, elle?.found ?? [], transactions, budget);",
    "",
  ),
  m(
    "elle: names of its own hold for every history",
    "check-graph.ts",
    'history.beginning === "as-read" ? elleView(nodes, findings, selected, model) : null',
    "elleView(nodes, findings, selected, model)",
  ),
  m(
    "elle: names of its own hold for no history",
    "check-graph.ts",
    'history.beginning === "as-read" ? elleView(nodes, findings, selected, model) : null',
    "null",
  ),
  m(
    "elle: real time in reduced form is all of it",
    "infer/realtime-order.ts",
    "latest = new Set([...latest].filter((done) => covered?.has(done) !== true)).add(own);",
    "latest = new Set(latest).add(own);",
  ),
];
