import type { History } from "../../history/history.ts";
import { isJsonArray } from "../../history/json-value.ts";
import { indexOf, sentenceList } from "../explain/describe.ts";
import { valueText } from "../explain/value-text.ts";
import type { Witness } from "../verdict.ts";
import { attemptNotes } from "./attempt-notes.ts";
import type { DomainChecker, DomainResult } from "./domain-checker.ts";
import { listOf, member, members } from "./json-members.ts";
import { caseOf, casesByAnomaly, told } from "./told.ts";

/** How many updates that built on the same version a witness names. */
const namedUpdates = 3;

/**
 * Documents of tags to which tags are only ever added, each under a name of its own: when everything has
 * ended, the tag of every committed update is there (`lost-metadata-update`).
 *
 * Assumes: updates are operations with f `update-metadata` that tell by `data.tagged[document]` the name of
 * the tag they added, and by `data.read[document]` which version of it they had read, where they read; reads at
 * rest (f `read-at-rest`) come after everything else and carry `data.tags[document]`, the names of all tags. No
 * operation removes or renames a tag, so nothing but a lost update explains that one is missing. Updates of
 * unknown outcome, and documents that were not read at rest, are not judged. Its notes count attempts and
 * conflicts. Linear.
 */
export const metadata: DomainChecker = {
  name: "metadata",
  summary: "a document of tags holds every tag that was added to it",
  anomalies: {
    "lost-metadata-update": "a committed update added a tag, and the tag is gone when everything has ended",
  },
  check,
};

/** One that surely committed. */
interface Update {
  /** Row of the completion. */
  readonly row: number;
  readonly tag: string;
  /** The version of the document that it had read, where it told. */
  readonly read: number | undefined;
}

interface AtRest {
  readonly row: number;
  readonly tags: ReadonlySet<string>;
}

function check(history: History): DomainResult {
  const updates = new Map<string, Update[]>();
  const atRest = new Map<string, AtRest>();
  for (const { row, f, isAtRest, data } of told(history)) {
    if (f === "update-metadata")
      for (const [document, tag] of members(member(data, "tagged"))) {
        const read = member(member(data, "read"), document);
        if (typeof tag !== "string") continue;
        const known = updates.get(document) ?? [];
        known.push({ row, tag, read: typeof read === "number" ? read : undefined });
        updates.set(document, known);
      }
    if (!isAtRest) continue;
    for (const [document, names] of members(member(data, "tags")))
      if (isJsonArray(names)) atRest.set(document, { row, tags: new Set(listOf(names).map(String)) });
  }
  const lost = [...atRest].flatMap(([document, rest]) =>
    witnesses(history, document, rest, updates.get(document) ?? []),
  );
  return {
    anomalies: casesByAnomaly({ "lost-metadata-update": lost }),
    notes: attemptNotes(history, "update-metadata"),
  };
}

function witnesses(
  history: History,
  document: string,
  rest: AtRest,
  updates: readonly Update[],
): readonly Witness[] {
  const byRead = new Map<number, Update[]>();
  for (const update of updates) {
    if (update.read === undefined) continue;
    const same = byRead.get(update.read) ?? [];
    if (same.length < namedUpdates) same.push(update);
    byRead.set(update.read, same);
  }
  return updates
    .filter(({ tag }) => !rest.tags.has(tag))
    .map((update) => {
      const rivals = (update.read === undefined ? undefined : byRead.get(update.read)) ?? [];
      const others = rivals.filter((other) => other !== update);
      const named = others.map((other) => `${valueText(other.tag)} (index ${indexOf(history, other.row)})`);
      const why =
        named.length === 0 ? "" : `: ${sentenceList(named)} had read version ${update.read ?? ""} as well`;
      return caseOf(
        history,
        [update, ...others, rest].map(({ row }) => row),
        `${valueText(update.tag)} added its tag to ${valueText(document)} and committed (index ${indexOf(history, update.row)}), ` +
          `and the read at rest (index ${indexOf(history, rest.row)}) does not show it${why}`,
      );
    });
}
