/** What one run of `measure-check.mjs` took. */
export interface Run {
  readonly parseSeconds: number;
  readonly checkSeconds: number;
  /** Of all threads, for both. */
  readonly cpuSeconds: number;
  /** The most memory that the process had resident so far. */
  readonly peakMegabytes: number;
  readonly valid: boolean | "unknown";
  readonly anomalyTypes: readonly string[];
}

/** A line of the table. */
export interface Measurement {
  readonly name: string;
  readonly transactions: number;
  /** The first run of a fresh process, and the median of the warm ones. */
  readonly cold: Run;
  readonly warm: Run;
  readonly growth: number;
  readonly ratio: number;
}

interface Column {
  readonly title: string;
  readonly width: number;
  readonly cell: (measurement: Measurement) => string;
}

const seconds = ({ parseSeconds, checkSeconds }: Run): number => parseSeconds + checkSeconds;

const columns: readonly Column[] = [
  { title: "transactions", width: 12, cell: ({ transactions }) => String(transactions) },
  { title: "parse s", width: 8, cell: ({ warm }) => warm.parseSeconds.toFixed(3) },
  { title: "check s", width: 8, cell: ({ warm }) => warm.checkSeconds.toFixed(3) },
  { title: "CPU s", width: 8, cell: ({ warm }) => warm.cpuSeconds.toFixed(3) },
  { title: "txn/s", width: 8, cell: ({ warm, transactions }) => (transactions / seconds(warm)).toFixed(0) },
  { title: "growth", width: 7, cell: ({ growth }) => growth.toFixed(2) },
  { title: "cold s", width: 7, cell: ({ cold }) => seconds(cold).toFixed(2) },
  { title: "peak MB", width: 8, cell: ({ cold }) => cold.peakMegabytes.toFixed(0) },
  { title: "ratio", width: 6, cell: ({ ratio }) => ratio.toFixed(2) },
];

const nameWidth = 32;

export function tableHeader(): string {
  const titles = columns.map(({ title, width }) => title.padStart(width));
  return ["history".padEnd(nameWidth), ...titles, " verdict"].join(" ");
}

export function tableRow(measurement: Measurement): string {
  const { name, cold } = measurement;
  const cells = columns.map(({ width, cell }) => cell(measurement).padStart(width));
  return [name.padEnd(nameWidth), ...cells, "", String(cold.valid), ...cold.anomalyTypes].join(" ");
}
