import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";

import { witnessView } from "../../../src/checkers/explain/witness-view.ts";
import { realClock } from "../../../src/clock/real-clock.ts";
import { svgRenderer, type SvgRenderer } from "../../../src/report/witness/svg-renderer.ts";
import { witnessDot, writeWitnesses } from "../../../src/report/witness/write-witnesses.ts";
import { exampleVerdict, exampleWitness, hostile, hostileVerdict, longCircle } from "./fixtures.ts";

const renderer = svgRenderer(realClock());
const directories: string[] = [];

afterAll(() => renderer.close());
afterEach(async () => {
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
});

/** Layout of this takes Graphviz half a minute. */
const huge = `digraph { ${Array.from({ length: 400 }, (_, i) => `n${i % 170} -> n${(i * 37 + 11) % 170}; n${i % 150} -> n${(i * 53 + 7) % 160};`).join(" ")} }`;

async function freshDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "isolab-witness-"));
  directories.push(directory);
  return join(directory, "deep", "er");
}

async function svgOf(dot: string, by: SvgRenderer = renderer): Promise<string> {
  const drawing = await by.draw(dot);
  if ("reason" in drawing) throw new Error(drawing.reason);
  return drawing.svg;
}

test("a witness is drawn, with every transaction, sentence and line in it", async () => {
  const witness = exampleWitness("G-single-item");
  const svg = await svgOf(witnessDot("G-single-item", witness, witnessView(witness)));
  for (const text of ["T1", "T2", "did not see", "seen by", "read x → []", "txn by process 1", "rw on x"])
    expect(svg).toContain(text);
  expect(svg).toMatch(/^<\?xml[\s\S]*<svg[\s\S]*<\/svg>\s*$/);
});

test("the same graph gives the same drawing", async () => {
  const witness = exampleWitness("G2");
  const dot = witnessDot("G2", witness, witnessView(witness));
  expect(await svgOf(dot)).toBe(await svgOf(dot));
});

test("nothing in a key becomes markup", async () => {
  const [witness] = hostileVerdict().anomalies["G-single-item"]!;
  const svg = await svgOf(witnessDot("G-single-item", witness!, witnessView(witness!)));
  expect(svg).not.toContain("</script>");
  expect(svg).not.toContain("<c>");
  expect(svg).not.toMatch(/[^\P{C}\n]/u);
  expect(svg).toContain("&lt;/script&gt;");
  // A backslash and a letter, as JSON writes them, and no escape sequence of Graphviz's.
  expect(svg).toContain(String.raw`\\N\n\u{202e}`);
  const tags = new Set([...svg.matchAll(/<([a-z]+)/g)].map(([, tag]) => tag));
  expect([...tags].sort()).toEqual(
    ["a", "ellipse", "g", "path", "polygon", "polyline", "svg", "text", "title"].filter((tag) =>
      tags.has(tag),
    ),
  );
  expect(hostile).toContain("</TABLE>");
});

test("a drawing that takes too long is given up, and the next one works", async () => {
  const hasty = svgRenderer(realClock(), 300);
  try {
    expect(await hasty.draw(huge)).toEqual({ reason: "drawing it took longer than 0.3 s" });
    // A new worker loads Graphviz first, so it gets the usual time.
    const patient = svgRenderer(realClock());
    expect(await svgOf("digraph { a -> b }", patient)).toContain("</svg>");
    await patient.close();
  } finally {
    await hasty.close();
  }
});

test("after a drawing was given up, the same renderer goes on with a new worker", async () => {
  let isHasty = true;
  const clock = realClock();
  const timer = { sleep: (ms: number, signal?: AbortSignal) => clock.sleep(isHasty ? 50 : ms, signal) };
  const same = svgRenderer(timer);
  try {
    expect(await same.draw(huge)).toHaveProperty("reason");
    isHasty = false;
    expect(await svgOf("digraph { a -> b }", same)).toContain("</svg>");
  } finally {
    await same.close();
  }
});

test("what is no graph is a reason, not a crash", async () => {
  expect(await renderer.draw("digraph {")).toMatchObject({
    reason: expect.stringMatching(/^Graphviz says: /) as unknown,
  });
  expect(await svgOf("digraph { a }")).toContain("</svg>");
});

test("every witness becomes three files", async () => {
  const directory = await freshDirectory();
  const written = await writeWitnesses(directory, exampleVerdict("lost-update"), renderer);
  const names = [
    "G2-item-1.dot",
    "G2-item-1.md",
    "G2-item-1.svg",
    "lost-update-1.dot",
    "lost-update-1.md",
    "lost-update-1.svg",
  ];
  expect((await readdir(directory)).sort()).toEqual(names);
  expect(written.flatMap(({ files }) => files).sort()).toEqual(names);
  expect(await readFile(join(directory, "G2-item-1.md"), "utf8")).toContain("](G2-item-1.svg)");
});

test("a witness of many transactions is not drawn, and says so", async () => {
  const directory = await freshDirectory();
  const [written] = await writeWitnesses(
    directory,
    { anomalies: { "G2-item": longCircle(26).anomalies["G2-item"]!.slice(0, 1) } },
    renderer,
  );
  expect(written).toEqual({
    anomaly: "G2-item",
    files: ["G2-item-1.md", "G2-item-1.dot"],
    reason: "it has 26 transactions, and at most 24 are drawn",
  });
  expect(await readFile(join(directory, "G2-item-1.md"), "utf8")).toContain("at most 24 are drawn");
});

test("an anomaly of any name stays inside the directory", async () => {
  const directory = await freshDirectory();
  const witnesses = exampleVerdict("G0").anomalies.G0!;
  await writeWitnesses(directory, { anomalies: { "../../up & away": witnesses } }, renderer);
  expect((await readdir(directory)).sort()).toEqual([
    "__.._up___away-1.dot",
    "__.._up___away-1.md",
    "__.._up___away-1.svg",
  ]);
});
