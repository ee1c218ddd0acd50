import { beModelSummaries } from "../../biswas-enea/be-models.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";
import { biswasEnea } from "./sources.ts";

const definition = biswasEnea("section 2");

/** Biswas and Enea's models of registers. They share names with Adya's and the others', and promise more. */
export const biswasEneaModels: Descriptions = {
  "be-read-committed": {
    summary: beModelSummaries["be-read-committed"],
    meaning:
      "There is an order of all commits that agrees with sessions and with who reads from whom, and within a transaction no read returns to a value older than what an earlier read has shown to be overwritten. Stronger than Adya's read committed, which knows neither sessions nor an order of reads.",
    sources: [definition],
  },
  "be-read-atomic": {
    summary: beModelSummaries["be-read-atomic"],
    meaning:
      "There is an order of all commits in which, for every row a transaction reads, no transaction that it reads from or that came before it in its session wrote the row later than the one it read. So transactions are seen whole.",
    sources: [definition],
  },
  "be-causal": {
    summary: beModelSummaries["be-causal"],
    meaning:
      "There is an order of all commits in which, for every row a transaction reads, none of its causes wrote the row later than the one it read; its causes are all that reach it over reads and sessions.",
    sources: [definition],
  },
};

/** Their anomalies: the order of commits that the model's axiom forces goes in a circle. */
export const biswasEneaAnomalies: Descriptions<AnomalyDescription> = {
  "be-read-committed-cycle": {
    summary: "the order in which transactions saw each other's writes goes in a circle",
    meaning:
      "If reads within a transaction never go back, some transactions must have committed in a certain order; here that order, together with sessions and reads, is a circle. So no order of commits explains the history.",
    sources: [definition],
  },
  "be-read-atomic-cycle": {
    summary: "a transaction was seen in part: no order of commits shows it whole to all its readers",
    meaning:
      "Somebody read one row as a transaction left it, and another one as it was before. If transactions were seen whole, each of two would have had to commit before the other.",
    sources: [definition],
  },
  "be-causal-cycle": {
    summary: "an effect was seen without its cause",
    meaning:
      "Somebody read something that was written in knowledge of a newer version of a row, and then read an older version of that row. The order of commits that causality forces is a circle.",
    sources: [definition],
  },
};
