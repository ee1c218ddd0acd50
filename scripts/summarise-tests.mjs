// Prints the closing line of a test run from vitest's JSON: node scripts/summarise-tests.mjs results.json
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const results =
  text === ""
    ? { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
    : JSON.parse(text);
// A file that could not even be loaded has no tests, and still failed.
const unloaded = (results.testResults ?? []).filter(
  (file) => file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed"),
).length;
const failed = results.numFailedTests + unloaded;
const skipped = results.numPendingTests + results.numTodoTests;
console.log(`${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
