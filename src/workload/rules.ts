import { atLeast } from "./levels.ts";
import type { Expectation } from "./workload.ts";

/**
 * What holds for code that reads rows, decides, and writes the same rows without a lock: these anomalies show
 * wherever the server lets two do so at once, and nowhere else. PostgreSQL refuses the second writer from
 * REPEATABLE READ on (PostgreSQL manual, 13.2.2), MariaDB with `innodb_snapshot_isolation`, InnoDB otherwise only
 * at SERIALIZABLE.
 *
 * @param anomalies such as `lost-update`, and what it means to the application
 */
export function lostUpdateRules(anomalies: readonly string[]): readonly Expectation[] {
  const repeatableRead = ["repeatable-read"] as const;
  const snapshots = (on: "ON" | "OFF"): Pick<Expectation, "on" | "at" | "settings"> => ({
    on: ["mariadb"],
    at: repeatableRead,
    settings: { innodb_snapshot_isolation: on },
  });
  return [
    { at: ["read-uncommitted", "read-committed"], must: anomalies },
    { on: ["postgres"], at: repeatableRead, never: anomalies },
    { on: ["mysql"], at: repeatableRead, must: anomalies },
    { ...snapshots("OFF"), must: anomalies },
    { ...snapshots("ON"), never: anomalies },
    { at: ["serializable"], never: anomalies },
  ];
}

/**
 * What holds for code that is right wherever a statement sees only what was committed: these anomalies show
 * nowhere, but perhaps at InnoDB's READ UNCOMMITTED. PostgreSQL's is its READ COMMITTED (PostgreSQL manual, 13.2).
 */
export function neverUnlessDirty(anomalies: readonly string[]): readonly Expectation[] {
  return [
    { on: ["postgres"], never: anomalies },
    { at: atLeast("read-committed"), never: anomalies },
  ];
}
