import type { History } from "../../history/history.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import type { DomainChecker } from "./domain-checker.ts";
import { member, members } from "./json-members.ts";
import { takingsChecker } from "./takings.ts";
import { caseOf, casesByAnomaly, readerText, told } from "./told.ts";

const takings = takingsChecker({
  name: "sales",
  summary: "no more is sold of an item than there was, and no stock is below zero",
  anomaly: "oversold",
  line: "more pieces of an item were sold than there were",
  taken: "sold",
});

/**
 * Items in stock: no more pieces are sold than there were (`oversold`; see {@link takingsChecker}, the things are
 * items, and a sale takes one piece), and the stock is not below zero when everything has ended (`negative-stock`).
 *
 * Assumes: reads at rest carry `data.stocks[item]`. A stock in which sales overwrote each other is too high, so
 * that it does not show what was oversold; one below zero was oversold, but perhaps by sales of unknown outcome. Linear.
 */
export const sales: DomainChecker = {
  ...takings,
  anomalies: {
    ...takings.anomalies,
    "negative-stock": "the stock of an item is below zero when everything has ended",
  },
  check: (history) => {
    const { anomalies, notes } = takings.check(history);
    return { anomalies: { ...anomalies, ...casesByAnomaly({ "negative-stock": negative(history) }) }, notes };
  },
};

function negative(history: History): readonly Witness[] {
  const found: Witness[] = [];
  for (const reader of told(history)) {
    if (!reader.isAtRest) continue;
    for (const [item, stock] of members(member(reader.data, "stocks")))
      if (typeof stock === "number" && stock < 0)
        found.push(
          caseOf(
            history,
            [reader.row],
            `the stock of ${valueText(item)} was ${stock} when everything had ended, as ${readerText(history, reader)} saw`,
          ),
        );
  }
  return found;
}
