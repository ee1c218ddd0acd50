import { domainCheckers } from "../../domain/domain-checkers.ts";
import type { AnomalyDescription, Descriptions } from "./description.ts";

const moreOn: Readonly<Record<string, Pick<AnomalyDescription, "meaning" | "remedy">>> = {
  "duplicate-version": {
    meaning:
      "Two callers each read the highest version, added one, and inserted the same number; both committed. It is what becomes of G2 in a registry of models.",
    remedy:
      "A unique key on (model, version) and another attempt after a violation; or SERIALIZABLE with a retry on its errors. A lock on the model's row helps only where the snapshot is taken after the lock was waited for: not at PostgreSQL's REPEATABLE READ.",
  },
  "missing-version": {
    meaning:
      "The registration was confirmed to its caller, and when everything had ended the version was not there: it was undone, overwritten or never stored.",
  },
  "several-in-production": {
    meaning:
      "Two promotions each looked for the version in production, each sent that one back to staging, if there was any, and put another one in its place; both committed. Where one version had been in production, that is a lost update of the row that both sent back; where none had, nothing was changed by both, and it is pure write skew, which snapshot isolation allows.",
    remedy:
      "A unique key that admits one version in production per model (a partial index in PostgreSQL, a generated column in MySQL), and another attempt after a violation; or a lock on all versions of the model, taken with the statement that reads them; or SERIALIZABLE with a retry on its errors. A lock on the model's row helps only where the snapshot is taken after the lock was waited for: not at PostgreSQL's REPEATABLE READ.",
  },
  "none-in-production": {
    meaning:
      "A promotion takes one version out of production and puts another one there, in one transaction. A reader saw it in between, or a promotion was undone by half.",
    remedy:
      "READ COMMITTED or above, and a reader that asks with one statement: two statements may each see another promotion.",
  },
  "lost-increment": {
    meaning:
      "Two callers each read the counter, added one, and wrote the same number back; both committed, and one increment is gone. It is what becomes of lost-update in a counter.",
    remedy:
      "Let the database add: UPDATE … SET n = n + 1. Or read with SELECT … FOR UPDATE; or write back only WHERE a revision is the one that was read, and try again where no row was changed. PostgreSQL's REPEATABLE READ, and SERIALIZABLE everywhere, refuse the second writer, who must then try again; InnoDB's REPEATABLE READ does not.",
  },
  "extra-increment": {
    meaning:
      "The counter was raised more often than callers were told that it was, or may have been: one that was told of a failure counted all the same, or one counted twice.",
  },
  "nobody-on-call": {
    meaning:
      "Two doctors each saw that the other one was on call and went off; both committed. They wrote different rows, so a snapshot finds no conflict: the best known case of write skew.",
    remedy:
      "SERIALIZABLE with a retry on its errors; or SELECT … FOR UPDATE over all rows that the decision rests on; or let all who decide change one row that stands for the group, which makes a conflict that every level notices. To lock that row without changing it is not enough at PostgreSQL's REPEATABLE READ.",
  },
};

/** Broken invariants of applications, as the domain checkers tell of them. */
export const domainAnomalies: Descriptions<AnomalyDescription> = Object.fromEntries(
  [...domainCheckers.values()].flatMap(({ name, summary, anomalies }) =>
    Object.entries(anomalies).map(([anomaly, line]) => [
      anomaly,
      describe(name, summary, line, moreOn[anomaly]),
    ]),
  ),
);

function describe(
  checker: string,
  invariant: string,
  line: string,
  more: (typeof moreOn)[string] | undefined,
): AnomalyDescription {
  const rule = `It breaks what the check "${checker}" demands: ${invariant}. That holds at every isolation level and says nothing about the database's own promises.`;
  return {
    summary: line,
    meaning: more === undefined ? rule : `${more.meaning} ${rule}`,
    ...(more?.remedy === undefined ? {} : { remedy: more.remedy }),
    sources: [`isolab's own check "${checker}"`],
  };
}
