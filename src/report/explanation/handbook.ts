import { explain } from "../../checkers/explain/explain.ts";
import { anomalyNames } from "../../checkers/explain/known-names.ts";
import { modelDescriptions } from "../../checkers/models/descriptions/model-descriptions.ts";
import { exampleOf } from "../../checkers/models/descriptions/examples/examples.ts";
import { preventionOf, serverLevels } from "../../checkers/models/descriptions/server-levels.ts";
import { escaped, markdownTable } from "../markdown/escape.ts";
import { explanationMarkdown } from "./markdown.ts";

/** The columns of the overview. */
const overview = [
  ...["G0", "G1a", "G1b", "G1c", "OTV", "internal", "lost-update", "G-single-item", "G-single"],
  ...["G-nonadjacent-item", "G2-item", "G2"],
];

const signs = { prevented: "✓", "can occur": "—", "prevented for readers": "R/O" } as const;

/** All that `isolab explain` has to say, as one document: `docs/anomalies.md`. */
export function handbook(): string {
  const [examples, others] = [
    anomalyNames.filter(hasExample),
    anomalyNames.filter((name) => !hasExample(name)),
  ];
  const parts = [
    "# Anomalies and consistency models",
    "What `isolab explain NAME` prints, in one place. Every example is run through isolab's own checkers by a test, and what they say of it is quoted below it.",
    "## Which level prevents what",
    "✓ prevented, — can occur, R/O prevented in transactions that only read. RU is READ UNCOMMITTED.",
    levelTable(),
    "## Anomalies",
    ...examples.flatMap(sectionOf),
    "## Anomalies without an example of their own",
    markdownTable(
      ["name", "what it is", "rules out"],
      others.map((name) => {
        const explanation = explain(name);
        const rulesOut = explanation?.kind === "anomaly" ? explanation.rulesOut.join(", ") : "";
        return [`\`${name}\``, escaped(explanation?.summary ?? ""), rulesOut];
      }),
    ),
    "## Consistency models",
    ...Object.keys(modelDescriptions).flatMap(sectionOf),
  ];
  return `${parts.join("\n\n")}\n`;
}

function hasExample(name: string): boolean {
  return exampleOf(name) !== undefined;
}

function sectionOf(name: string): readonly string[] {
  const explanation = explain(name);
  return explanation === undefined ? [] : [explanationMarkdown(explanation, 3)];
}

function levelTable(): string {
  const rows = serverLevels.map(({ server, level, keeps }, i) => [
    `${server} ${escaped(level)}`,
    keeps,
    ...overview.map((anomaly) => {
      const prevention = preventionOf(anomaly)?.[i];
      return prevention === undefined ? "" : signs[prevention];
    }),
  ]);
  return markdownTable(["level", "keeps", ...overview], rows);
}
