/** What is wrong with a cell, as the gate tells it; its keys are those of `--json`. */
export interface GateComplaint {
  readonly kind: "forbidden" | "missing" | "new" | "unknown";
  readonly anomaly?: string;
  readonly where?: "search" | "free-running";
  readonly because?: string;
}

/** A cell as the outputs of a gate see it. */
export interface GateLine {
  readonly name: string;
  readonly target: string;
  readonly workload: string;
  readonly variant: string;
  readonly isolation: string;
  readonly version: string;
  readonly seconds: number;
  /** What the cell has shown, in the search or freely; sorted. */
  readonly shown: readonly string[];
  readonly complaints: readonly GateComplaint[];
  /** The first witness in words, where there is a forbidden anomaly. */
  readonly explanation?: string;
  /** The command that shows it again. */
  readonly replay?: string;
}

/** One sentence that says what is wrong. */
export function complaintText({ kind, anomaly = "", where, because = "" }: GateComplaint): string {
  switch (kind) {
    case "forbidden":
      return `${anomaly} showed in the ${where === "search" ? "search" : "free-running execution"}, and the baseline does not allow it`;
    case "missing":
      return `${anomaly} is expected and did not show: if it was mended, run isolab gate --update`;
    case "new":
      return "the baseline does not know this cell: run isolab gate --update";
    case "unknown":
      return `it proved nothing: ${because}`;
  }
}
