import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import type { GateComplaint, GateLine } from "../../../src/report/gate/complaint-text.ts";
import { junitXml } from "../../../src/report/gate/junit.ts";
import { parseXml, type XmlElement } from "../../support/xml.ts";

const hostile = `<failure/>&amp;"' ]]> \u0000\u001b[31m 100% \n<![CDATA[ x \uD800 \u{1F600}`;

const complaints: readonly (readonly GateComplaint[])[] = [
  [],
  [{ kind: "forbidden", anomaly: "duplicate-version", where: "search" }],
  [{ kind: "missing", anomaly: "G2-item" }],
  [{ kind: "new" }],
  [{ kind: "unknown", because: hostile }],
  [
    { kind: "unknown", because: hostile },
    { kind: "forbidden", anomaly: hostile, where: "free-running" },
  ],
];

/** A cell for each kind of complaint, on each of these servers. */
function lines(...targets: readonly string[]): readonly GateLine[] {
  return targets.flatMap((target) =>
    complaints.map((complaints, i): GateLine => ({
      name: `${target} ${i}`,
      target,
      workload: i % 2 === 0 ? "register" : hostile,
      variant: `variant ${i}`,
      isolation: "read-committed",
      version: "18.4",
      seconds: i / 3,
      shown: [],
      complaints,
      ...(i === 1 ? { explanation: hostile, replay: `npx isolab replay '${hostile}'` } : {}),
    })),
  );
}

const documents: readonly (readonly [string, readonly GateLine[]])[] = [
  ["of two servers with every kind of complaint", lines("postgres", "mariadb")],
  ["of a server whose name is hostile", lines(hostile)],
  ["of a clean cell", lines("postgres").slice(0, 1)],
  ["of no cell", []],
];

/** Element → attributes, all of which it must have; and the elements that it may hold, where it may hold any. */
const schema: Readonly<
  Record<string, { readonly attributes: readonly string[]; readonly holds: readonly string[] }>
> = {
  testsuites: { attributes: ["name", "tests", "failures", "errors", "time"], holds: ["testsuite"] },
  testsuite: { attributes: ["name", "tests", "failures", "errors", "time"], holds: ["testcase"] },
  testcase: { attributes: ["classname", "name", "time"], holds: ["failure", "error"] },
  failure: { attributes: ["message", "type"], holds: [] },
  error: { attributes: ["message", "type"], holds: [] },
};

const numeric: Readonly<Record<string, RegExp>> = {
  tests: /^\d+$/,
  failures: /^\d+$/,
  errors: /^\d+$/,
  time: /^\d+\.\d{3}$/,
};

/** What is wrong with an element and all in it, a sentence each. */
function faultsOf(element: XmlElement): readonly string[] {
  const { name, attributes, children, text } = element;
  const rule = schema[name];
  if (rule === undefined) return [`<${name}> is no element of the schema`];
  const holdsText = rule.holds.length === 0;
  return [
    ...rule.attributes.filter((one) => (attributes[one] ?? "") === "").map((one) => `${name} has no ${one}`),
    ...Object.keys(attributes).flatMap((one) =>
      rule.attributes.includes(one) ? [] : [`${name} has ${one}`],
    ),
    ...Object.entries(attributes).flatMap(([one, value]) =>
      numeric[one]?.test(value) === false ? [`${one} of ${name} is ${value}`] : [],
    ),
    ...children.flatMap((child) => (rule.holds.includes(child.name) ? [] : [`${child.name} in ${name}`])),
    ...(holdsText === (text.trim() === "") ? [`${name} holds ${holdsText ? "no text" : text}`] : []),
    ...(name === "testcase" && children.length > 1 ? ["a testcase has two ends"] : []),
    ...children.flatMap(faultsOf),
  ];
}

function inside(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.flatMap((child) => [
    ...(child.name === name ? [child] : []),
    ...inside(child, name),
  ]);
}

describe.each(documents)("JUnit XML %s", (_, cells) => {
  const root = parseXml(junitXml(cells));

  test("holds nothing but what its readers agree on", () => {
    expect(root.name).toBe("testsuites");
    expect(faultsOf(root)).toEqual([]);
  });

  test("counts what is there", () => {
    expect(inside(root, "testcase")).toHaveLength(cells.length);
    for (const element of [root, ...root.children]) {
      const { tests, failures, errors, time } = element.attributes;
      expect(Number(tests)).toBe(inside(element, "testcase").length);
      expect(Number(failures)).toBe(inside(element, "failure").length);
      expect(Number(errors)).toBe(inside(element, "error").length);
      const seconds = inside(element, "testcase").reduce(
        (sum, { attributes }) => sum + Number(attributes.time),
        0,
      );
      // Each is rounded to a thousandth.
      expect(Math.abs(Number(time) - seconds)).toBeLessThanOrEqual(0.0006 * (cells.length + 1));
    }
  });

  test("tells its cases apart", () => {
    const names = inside(root, "testcase").map(
      ({ attributes }) => `${attributes.classname}\n${attributes.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

test("what the data hold comes back as it was, but for what XML cannot hold", () => {
  const [failure] = inside(parseXml(junitXml(lines("postgres"))), "failure");
  // eslint-disable-next-line no-control-regex -- these are what cannot be held
  const held = hostile.replaceAll(/[\u0000\u001b\uD800](?![\uDC00-\uDFFF])/g, "");
  expect(failure?.text).toContain(`${held}\nShow it again: npx isolab replay '${held}'`);
});

test.each([
  ["an element of its own", "<testcase ", "<property/><testcase ", "property in testsuite"],
  ["an attribute of its own", "<testcase ", '<testcase id="1" ', "testcase has id"],
  ["a count that is none", 'errors="1"', 'errors="two"', "errors of testsuites is two"],
  ["no time", / time="[^"]*"/, "", "testsuites has no time"],
])("the rules see %s", (_, text, changed, fault) => {
  expect(faultsOf(parseXml(junitXml(lines("a")).replace(text, changed)))).toContain(fault);
});

describe("by the schema in junit.xsd", () => {
  const hasXmllint = spawnSync("xmllint", ["--version"]).error === undefined;
  const whyNot =
    "xmllint is not installed (Debian: libxml2-utils); the other tests of this file have the same rules";
  const xmllint = (xml: string): string => {
    const directory = mkdtempSync(join(tmpdir(), "isolab-junit-"));
    try {
      const file = join(directory, "gate.xml");
      writeFileSync(file, xml);
      const xsd = join(import.meta.dirname, "junit.xsd");
      return execFileSync("xmllint", ["--noout", "--nonet", "--schema", xsd, file], {
        encoding: "utf8",
        stdio: "pipe",
      });
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  test.for(documents)("a document %s is valid", ([, cells], { skip }) => {
    if (!hasXmllint) skip(whyNot);
    xmllint(junitXml(cells));
  });

  test("one with an attribute of its own, or with two cases of one name, is not", ({ skip }) => {
    if (!hasXmllint) skip(whyNot);
    const xml = junitXml(lines("a"));
    expect(() => xmllint(xml.replace("<testcase ", '<testcase id="1" '))).toThrow(/'id' is not allowed/);
    expect(() => xmllint(junitXml([...lines("a"), ...lines("a")]))).toThrow(/Duplicate key-sequence/);
  });
});
