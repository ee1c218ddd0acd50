/** What a schedule shows. */
export type RaceFault =
  | {
      readonly kind: "invariant";
      /** Of the invariant. */
      readonly name: string;
      /** What it threw; undefined where it answered `false`. */
      readonly error: unknown;
      readonly message: string;
    }
  | {
      readonly kind: "not-serializable";
      readonly name: "not serializable";
      readonly error: undefined;
      /** How it differs from all serial orders. */
      readonly message: string;
    }
  | {
      readonly kind: "anomaly";
      /** Of the anomaly, as it was asked for. */
      readonly name: string;
      readonly error: undefined;
      /** A case of it in words. */
      readonly message: string;
    }
  | {
      readonly kind: "deadlock";
      readonly name: "deadlock";
      readonly error: undefined;
      /** Who waits for what. */
      readonly message: string;
    };

/** Whether two schedules show the same. */
export function sameFault(one: RaceFault, other: RaceFault): boolean {
  return one.kind === other.kind && one.name === other.name;
}
