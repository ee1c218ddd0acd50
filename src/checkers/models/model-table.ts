/**
 * The consistency models and how they relate, as data. Source: Elle's `consistency_model.clj` at commit
 * ccdee6f, which follows Adya, "Weak Consistency" (1999), for the PL levels; Cerone, Bernardi and
 * Gotsman, "A Framework for Transactional Consistency Models with Atomic Visibility" (2015), for
 * read-atomic, causal, prefix, parallel SI and update-atomic; Bailis et al., "Highly Available
 * Transactions" (2013), for the rest. Models are keyed by canonical name.
 */

/** Friendly name → canonical name. Where several are friendly, the last is the one we print. */
export const canonicalNames: Readonly<Record<string, string>> = {
  "read-uncommitted": "PL-1",
  "read-committed": "PL-2",
  "cursor-stability": "PL-CS",
  "monotonic-view": "PL-2L",
  "monotonic-snapshot-read": "PL-MSR",
  "consistent-view": "PL-2+",
  "forward-consistent-view": "PL-FCV",
  "snapshot-isolation": "PL-SI",
  "repeatable-read": "PL-2.99",
  "update-serializable": "PL-3U",
  "conflict-serializable": "PL-3",
  serializable: "PL-3",
  "strict-serializable": "PL-SS",
  "strong-serializable": "PL-SS",
  "strong-read-uncommitted": "strong-PL-1",
  "strong-read-committed": "strong-PL-2",
  "strong-session-read-uncommitted": "strong-session-PL-1",
  "strong-session-read-committed": "strong-session-PL-2",
};

/** Model → models it directly implies: every history it allows, they allow. */
export const modelImplies: Readonly<Record<string, readonly string[]>> = {
  "PL-SS": [
    "PL-3",
    "linearizable",
    "PL-SI",
    "strong-snapshot-isolation",
    "strong-session-serializable",
    "session-serializable",
  ],
  "strong-session-serializable": ["PL-3", "strong-session-snapshot-isolation"],
  "strong-snapshot-isolation": ["strong-session-snapshot-isolation", "strong-PL-2"],
  "strong-session-snapshot-isolation": ["PL-SI", "strong-session-PL-2"],
  "strong-PL-2": ["strong-session-PL-2", "strong-PL-1"],
  "strong-session-PL-2": ["PL-2", "strong-session-PL-1"],
  "strong-PL-1": ["strong-session-PL-1"],
  "strong-session-PL-1": ["PL-1"],
  "PL-3": ["PL-2.99", "PL-SI", "PL-3U", "view-serializable"],
  "PL-3U": ["PL-FCV"],
  "PL-SI": ["PL-FCV", "monotonic-atomic-view", "PL-MSR", "parallel-snapshot-isolation", "prefix"],
  "PL-2.99": ["PL-CS", "monotonic-atomic-view"],
  "PL-FCV": ["PL-2+"],
  "PL-2+": ["PL-CS", "PL-2L"],
  "parallel-snapshot-isolation": ["causal-cerone", "update-atomic"],
  prefix: ["causal-cerone"],
  "update-atomic": ["read-atomic"],
  "causal-cerone": ["read-atomic"],
  "read-atomic": ["monotonic-atomic-view"],
  "monotonic-atomic-view": ["PL-2"],
  "PL-2L": ["PL-2"],
  "PL-MSR": ["PL-2"],
  "PL-CS": ["PL-2"],
  "PL-2": ["PL-1"],
  "PL-1": [],
  "session-serializable": ["1SR"],
  "view-serializable": [],
  "1SR": [],
  linearizable: ["sequential"],
  sequential: ["causal"],
  causal: ["writes-follow-reads", "PRAM"],
  PRAM: ["monotonic-reads", "monotonic-writes", "read-your-writes"],
  "writes-follow-reads": [],
  "monotonic-reads": [],
  "monotonic-writes": [],
  "read-your-writes": [],
};

/** Model → anomalies it directly proscribes; `X-cycle-exists` says that X's subgraph has some cycle. */
export const modelProscribes: Readonly<Record<string, readonly string[]>> = {
  "PL-1": ["G0", "duplicate-elements", "cyclic-versions", "PL-1-cycle-exists"],
  "PL-2": ["G1", "PL-2-cycle-exists"],
  "PL-CS": ["G1", "G-cursor", "lost-update"],
  "PL-2L": ["G1", "G-monotonic"],
  "PL-MSR": ["G1", "G-MSR"],
  "PL-2+": ["G1", "G-single"],
  "PL-FCV": ["G1", "G-SIb"],
  "PL-3U": ["G1", "G-update"],
  "PL-2.99": ["G1", "G2-item", "lost-update", "PL-2.99-cycle-exists"],
  "read-atomic": ["internal", "G1a", "future-read"],
  "causal-cerone": ["internal", "G1a"],
  "parallel-snapshot-isolation": ["internal", "G1a"],
  prefix: ["internal", "G1a"],
  "update-atomic": ["lost-update"],
  "PL-SI": ["internal", "G1", "G-SI", "G-nonadjacent", "PL-SI-cycle-exists"],
  "PL-3": ["internal", "G1", "G2", "predicate-read-miss", "PL-3-cycle-exists"],
  "PL-SS": ["G1", "G1c-realtime", "G2-realtime", "PL-SS-cycle-exists"],
  "strong-session-PL-1": ["G0-process", "strong-session-PL-1-cycle-exists"],
  "strong-session-PL-2": ["G1c-process", "strong-session-PL-2-cycle-exists"],
  "strong-session-snapshot-isolation": [
    "internal",
    "G1-process",
    "G-nonadjacent-process",
    "strong-session-snapshot-isolation-cycle-exists",
  ],
  "strong-session-serializable": ["G1-process", "G2-process", "strong-session-serializable-cycle-exists"],
  "strong-PL-1": ["G0-realtime", "strong-PL-1-cycle-exists"],
  "strong-PL-2": ["G1c-realtime", "strong-PL-2-cycle-exists"],
  "strong-snapshot-isolation": [
    "internal",
    "G1-realtime",
    "G-nonadjacent-realtime",
    "strong-snapshot-isolation-cycle-exists",
  ],
};
