/** What a model or an anomaly is, for a person: data, rendered elsewhere. */
export interface Description {
  /** One line without a full stop; fits a list. */
  readonly summary: string;
  /** Whole sentences: what exactly it says, and what that means for an application. */
  readonly meaning: string;
  /** Where it is defined: works and sections. */
  readonly sources: readonly string[];
}

/** An anomaly: what went wrong. */
export interface AnomalyDescription extends Description {
  /** What an application can do about it, where the literature or the servers' documentation says. */
  readonly remedy?: string;
}

/** Descriptions by canonical name. */
export type Descriptions<D extends Description = Description> = Readonly<Record<string, D>>;
