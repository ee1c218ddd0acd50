import type { CellView, CompareView, SafeLevelView } from "../../../src/report/compare/compare-view.ts";

export const cell: CellView = {
  server: 1,
  database: "postgres",
  version: "18.4",
  isolation: "read-committed",
  workload: "register",
  variant: "naive",
  valid: false,
  model: "read-committed",
  observed: ["G2", "duplicate-version"],
  figures: {
    G2: { cases: 1, more: false, operations: 2, first: 9 },
    "duplicate-version": { cases: 3, more: true, operations: 7, first: 12 },
  },
  forbidden: ["duplicate-version"],
  allowedUnseen: ["lost-update"],
  counts: { ok: 398, fail: 1, info: 1 },
  declared: { unseen: ["lost-update"], forbidden: [] },
  run: "runs/matrix/1-postgres register#naive",
};
export const clean: CellView = {
  ...cell,
  isolation: "serializable",
  valid: true,
  observed: [],
  figures: {},
  forbidden: [],
  allowedUnseen: [],
  declared: { unseen: [], forbidden: [] },
};
export const unproven: CellView = {
  ...clean,
  isolation: "repeatable-read",
  valid: "unknown",
  because: "no commit",
};
const allowed: CellView = { ...clean, observed: ["G2"] };
export const level: SafeLevelView = {
  server: 1,
  database: "postgres",
  version: "18.4",
  workload: "register",
  variant: "naive",
  safeFrom: "serializable",
  broken: ["read-committed"],
  clean: ["serializable"],
  allowed: [],
  unproven: ["repeatable-read"],
};
export const view: CompareView = {
  seed: "1",
  shard: null,
  cells: [cell, unproven, clean, { ...allowed, server: 2 }],
  missing: 0,
  safe: [level, { ...level, server: 2, safeFrom: null, allowed: ["serializable"] }],
};

/** What a workload, a server or a person might have named something. */
export const hostile = `"><img src=x onerror=alert(1)></style><script>alert(2)</script>&|\`[x](javascript:alert(3))`;
export const hostileView: CompareView = {
  ...view,
  seed: hostile,
  cells: [
    {
      ...cell,
      version: hostile,
      isolation: hostile,
      workload: hostile,
      variant: hostile,
      observed: [hostile],
      forbidden: [hostile],
      figures: {},
      allowedUnseen: [hostile],
      because: `${hostile}\n\n# heading`,
      valid: "unknown",
      declared: { unseen: [hostile], forbidden: [hostile] },
      run: `javascript:${hostile}`,
    },
  ],
  safe: [{ ...level, workload: hostile, version: hostile, broken: [hostile] }],
};

/** A matrix of a usual size: two servers, three variants, four levels, everything that a cell can come to. */
export function largeView(): CompareView {
  const levels = ["read-uncommitted", "read-committed", "repeatable-read", "serializable"];
  const servers = [
    { server: 1, database: "postgres", version: "18.4" },
    { server: 2, database: "mariadb", version: "11.8.6" },
  ];
  const variants = ["naive", "for-update", "advisory-lock"];
  const kinds = [
    cell,
    { ...cell, forbidden: ["duplicate-version", "G1a", "lost-update"] },
    allowed,
    clean,
    unproven,
  ];
  const cells = servers.flatMap((server, s) =>
    variants.flatMap((variant, v) =>
      levels.map((isolation, i): CellView => ({
        ...(kinds[(s + v + i) % kinds.length] ?? clean),
        ...server,
        variant,
        isolation,
      })),
    ),
  );
  const safe = servers.flatMap((server) => variants.map((variant) => ({ ...level, ...server, variant })));
  return { ...view, cells, safe };
}
