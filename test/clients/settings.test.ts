import { expect, test } from "vitest";

import { EnvironmentError } from "../../src/clients/database-error.ts";
import { checkSettingNames, sameSetting } from "../../src/clients/settings.ts";

test.each(["a;b", "a=b", "x y", "", "a'", "@@a", "a-b"])("%j is no name of a variable", (name) => {
  expect(() => {
    checkSettingNames({ [name]: "1" });
  }).toThrow(EnvironmentError);
});

test("names with dots and any case are", () => {
  expect(() => {
    checkSettingNames({ "plpgsql.extra_warnings": "all", Lock_Timeout: "1s" });
  }).not.toThrow();
});

test("spellings of a switch mean the same", () => {
  expect(sameSetting("on", "1")).toBe(true);
  expect(sameSetting("FALSE", "off")).toBe(true);
  expect(sameSetting("on", "off")).toBe(false);
  expect(sameSetting("Remote_Apply", "remote_apply")).toBe(true);
});

test.each([
  ["64M", "67108864"],
  ["32768kB", "32MB"],
  ["120s", "2min"],
  ["1500ms", "1500ms"],
])("spellings of an amount mean the same: %s and %s", (a, b) => {
  expect(sameSetting(a, b)).toBe(true);
});

test.each([
  ["64M", "64"],
  ["64M", "64k"],
  ["60s", "60"],
  ["1x", "1"],
  ["repeatable-read", "read-committed"],
])("others do not: %s and %s", (a, b) => {
  expect(sameSetting(a, b)).toBe(false);
});
