import type { History } from "../../history/history.ts";
import type { Finding } from "../infer/finding.ts";
import { elementText, indexOf, keyText, sentenceList } from "./describe.ts";

/** What a finding that is no cycle proves, for a person. */
export function findingSentence(history: History, finding: Finding): string {
  const key = keyText(history, finding.key);
  const element = finding.element >= 0 ? elementText(history, finding.element) : "";
  const [first, second] = finding.rows.map((row) => `the operation with index ${indexOf(history, row)}`);
  const a = first ?? "an operation";
  const b = second ?? "another";
  const text = sentence(finding.type, { a, b, key, element, all: indices(history, finding) });
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Parts {
  readonly a: string;
  readonly b: string;
  readonly key: string;
  readonly element: string;
  readonly all: string;
}

function sentence(type: string, { a, b, key, element, all }: Parts): string {
  switch (type) {
    case "G1a":
      return `${a} read ${element} in ${key}, which ${b} wrote, and that transaction failed.`;
    case "G1b":
      return `${a} read ${key} up to ${element}, a state in the middle of ${b}, which went on to write ${key} again.`;
    case "dirty-update":
      return `${b} wrote ${element} to ${key} on top of what ${a} wrote, and that transaction failed.`;
    case "duplicate-elements":
      return `${a} read ${element} more than once in ${key}, though it was written once.`;
    case "incompatible-order":
      return `${a} and ${b} read ${key} in orders that do not fit: neither is the beginning of the other.`;
    case "internal":
      return element === ""
        ? `${a} read ${key} differently from what it had read or written there itself.`
        : `${a} did not see its own element ${element} in ${key}.`;
    case "future-read":
      return `${a} saw ${element} in ${key} before it wrote that itself.`;
    case "lost-update":
      return `the operations with indices ${all} read the same version of ${key} and then each wrote ${key}: all but one of the updates ignore another.`;
    case "garbage-read":
      return `${a} saw ${element} in ${key}, which nobody wrote.`;
    default:
      return `${a} shows ${type} on ${key}.`;
  }
}

function indices(history: History, { rows }: Finding): string {
  return sentenceList(rows.map((row) => String(indexOf(history, row))));
}
