// Records operations until it is killed or fails. For each line that was answered, one byte goes to
// the file beside the history.
import { openSync, writeSync } from "node:fs";
import { createJiti } from "jiti";

const { openRecorder } = await createJiti(import.meta.url).import("../../src/history/recorder.ts");
const [path, header] = process.argv.slice(2);
const recorder = openRecorder(path, JSON.parse(header));
const answered = openSync(`${path}.answered`, "w");
writeSync(1, "recording\n");
const value = [["w", "x".repeat(300), "ключ 😀"]];
for (let time = 0; ; time++) {
  recorder.invoke({ time, process: 0, f: "txn", value });
  writeSync(answered, ".");
  recorder.complete({ time, process: 0, type: "ok", f: "txn", value });
  writeSync(answered, ".");
}
