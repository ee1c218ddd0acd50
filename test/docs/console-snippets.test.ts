import { expect, test } from "vitest";

import { isolab } from "../support/cli.ts";
import { temporaryDirectory } from "../support/runs.ts";
import { placeOf, snippets } from "../support/snippets.ts";

/** Free-running executions differ each time; of these only what is declared of the variant is compared. */
const freeRunning = / run (?!.*--mode interleaved)/;

const sessions = snippets("console").map((snippet) => {
  const [prompt = "", ...output] = snippet.text.trimEnd().split("\n");
  return { place: placeOf(snippet), prompt, output };
});

test.each(sessions)(
  "what $place prints is what is printed",
  { timeout: 120_000 },
  async ({ prompt, output }) => {
    const [, args] = /^\$ npx isolab (.+)$/.exec(prompt) ?? [];
    expect(args).toBeDefined();
    const { stdout } = await isolab((args ?? "").split(" "), temporaryDirectory());
    const [shown, printed] = [output, stdout.trimEnd().split("\n")].map((lines) => lines.map(lasting));
    if (freeRunning.test(prompt)) expect(printed?.slice(0, 3)).toEqual(shown?.slice(0, 3));
    // A page may leave out the end.
    else expect(printed?.slice(0, shown?.length)).toEqual(shown);
  },
);

/** A line without the time, the versions of servers and what is cut on the page. */
function lasting(line: string): string {
  return line
    .replaceAll(/runs\/\d+-\d+/g, "runs/TIME")
    .replaceAll(/\b\d+\.\d+(?:\.\d+)?\b/g, "VERSION")
    .replace(/isl1\S+/, "TOKEN");
}
