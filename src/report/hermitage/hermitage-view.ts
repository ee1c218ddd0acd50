/** Whether a level prevents a phenomenon; see {@link preventionMarks}. */
export type PreventionView = "prevented" | "read-only" | "occurs";

/** A field of the table. */
export interface FieldView {
  readonly phenomenon: string;
  readonly isolation: string;
  readonly found: PreventionView;
  readonly published: PreventionView;
}

/** The table of one server. */
export interface HermitageView {
  readonly database: {
    readonly kind: string;
    readonly version: string;
    readonly settings: Readonly<Record<string, string>>;
  };
  readonly fields: readonly FieldView[];
}

export const preventionMarks: Readonly<Record<PreventionView, string>> = {
  prevented: "✓",
  "read-only": "R/O",
  occurs: "–",
};

/** What the marks are, in sentences. */
export const hermitageLegend =
  "✓ prevented in every schedule that was played, R/O prevented only for a transaction that only reads, – it occurs, * other than published.";

/** The columns, in order: phenomena that were tried. */
export function phenomenaOf({ fields }: HermitageView): readonly string[] {
  return [...new Set(fields.map(({ phenomenon }) => phenomenon))];
}

/** The rows, in order: levels that were tried. */
export function levelsOf({ fields }: HermitageView): readonly string[] {
  return [...new Set(fields.map(({ isolation }) => isolation))];
}

/** A field's mark, with a star where it is other than published; empty where nothing was tried. */
export function markAt({ fields }: HermitageView, isolation: string, phenomenon: string): string {
  const field = fields.find((one) => one.isolation === isolation && one.phenomenon === phenomenon);
  if (field === undefined) return "";
  return `${preventionMarks[field.found]}${field.found === field.published ? "" : "*"}`;
}

/** A sentence for each field that is other than published. */
export function differences({ fields }: HermitageView): readonly string[] {
  return fields
    .filter(({ found, published }) => found !== published)
    .map(
      ({ phenomenon, isolation, found, published }) =>
        `${phenomenon} at ${isolation}: ${words[found]}; published: ${words[published]}`,
    );
}

const words: Readonly<Record<PreventionView, string>> = {
  prevented: "prevented",
  "read-only": "prevented for readers only",
  occurs: "it occurs",
};

/** What is said where the table and the published one agree or not. */
export function agreement(view: HermitageView): string {
  if (view.fields.length === 0) return "Nothing was tried.";
  return differences(view).length === 0
    ? "The same as published by Hermitage."
    : "Other than published by Hermitage:";
}

/** A server variable that explains differences, if it is on. */
export function explanation({ database }: HermitageView): string | undefined {
  const snapshot = (database.settings.innodb_snapshot_isolation ?? "").toLowerCase();
  return ["on", "1", "true"].includes(snapshot)
    ? "innodb_snapshot_isolation is on here, which makes repeatable-read snapshot isolation; what was published is without it."
    : undefined;
}
