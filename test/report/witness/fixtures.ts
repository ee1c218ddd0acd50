import { exampleHistory } from "../../../src/checkers/explain/example-history.ts";
import { check } from "../../../src/checkers/check.ts";
import { examples } from "../../../src/checkers/models/descriptions/examples/examples.ts";
import type { Verdict, Witness } from "../../../src/checkers/verdict.ts";
import { concurrent, event, fromEvents, header } from "../../checkers/support/notation.ts";

/** The verdict on an example. */
export function exampleVerdict(name: string): Verdict {
  const example = examples[name]!;
  return check(exampleHistory(example), { model: example.model });
}

/** The first witness of an example for its anomaly. */
export function exampleWitness(name: string): Witness {
  return exampleVerdict(name).anomalies[name]![0]!;
}

/** What a key may hold that means something to HTML, DOT, Markdown or a terminal. */
export const hostile = `a"b<c>&'|\\N\n\u202e\u001b[31m\`*_]</TD></TABLE>`;

/** A read skew whose key and element are hostile. */
export function hostileVerdict(): Verdict {
  const writes = [
    ["append", hostile, "</script>"],
    ["append", "y\\L", 1],
  ] as const;
  const history = fromEvents(
    [
      event(0, "invoke", writes),
      event(1, "invoke", [["r", hostile, null]]),
      event(0, "ok", writes),
      event(1, "ok", [
        ["r", hostile, ["</script>"]],
        ["r", "y\\L", []],
      ]),
    ],
    header(),
  );
  return check(history, { model: "serializable" });
}

/** A circle of so many transactions, each of which missed the next one's append. */
export function longCircle(length: number): Verdict {
  const key = (i: number): string => String.fromCharCode(97 + (i % length));
  const circle = Array.from({ length }, (_, i) => `r${key(i)} a${key(i + 1)}1`);
  return check(concurrent(circle), { model: "serializable" });
}
