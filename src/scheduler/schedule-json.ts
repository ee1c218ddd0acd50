import { findJsonSyntaxProblem, locateJson } from "../history/json-scanner.ts";
import { showValue } from "../history/json-value.ts";
import { isObject, type JsonPath, type Problem } from "./json-problem.ts";
import { ScheduleError } from "./schedule-error.ts";
import { type Schedule, scheduleFormat } from "./schedule.ts";
import { findStepProblem, inOrder } from "./step-json.ts";

/**
 * A schedule as JSON with one step per line, for `schedule.json`. Equal schedules give equal bytes in
 * whatever order their fields are in memory, and decoding and encoding again gives the same bytes.
 */
export function encodeSchedule({ seed, strategy, schedule, steps }: Schedule): string {
  const head = JSON.stringify({ isolab: scheduleFormat, seed, strategy, schedule });
  const lines = steps.map((step) => JSON.stringify(inOrder(step)));
  return `${head.slice(0, -1)},"steps":${lines.length === 0 ? "[]" : `[\n${lines.join(",\n")}\n]`}}\n`;
}

/**
 * The schedule in a text that {@link encodeSchedule} wrote, or a person edited since. Fields that we do not
 * know are left out.
 *
 * @param file what errors call the text
 * @throws ScheduleError when it is no JSON, of another version, or breaks a promise of {@link Schedule}
 */
export function decodeSchedule(text: string, file = "schedule.json"): Schedule {
  const whole = parse(text, file);
  const problem = findProblem(whole);
  if (problem !== null) {
    const { path, expected, got } = problem;
    const subject = path.length === 0 ? "" : `"${nameOf(path)}" `;
    const sentence = `expected ${subject}${expected}, got ${showValue(got)}`;
    throw new ScheduleError(sentence, place(text, locateJson(text, path), file));
  }
  const { isolab, seed, strategy, schedule, steps } = whole as Schedule;
  return { isolab, seed, strategy, schedule, steps: steps.map(inOrder) };
}

function findProblem(whole: unknown): Problem | null {
  if (!isObject(whole) || !("isolab" in whole) || !("steps" in whole))
    return { path: [], expected: 'the "isolab" and "steps" of a run\'s schedule.json', got: whole };
  const { isolab, seed, strategy, schedule, steps } = whole;
  if (isolab !== scheduleFormat) {
    const expected = `to be ${scheduleFormat} (this isolab reads version ${scheduleFormat}; use the one that wrote it)`;
    return { path: ["isolab"], expected, got: isolab };
  }
  for (const [name, value] of Object.entries({ seed, strategy }))
    if (typeof value !== "string") return { path: [name], expected: "to be a string", got: value };
  if (typeof schedule !== "number" || !Number.isSafeInteger(schedule) || schedule < 0)
    return { path: ["schedule"], expected: "to be an integer from 0", got: schedule };
  if (!Array.isArray(steps)) return { path: ["steps"], expected: "to be an array", got: steps };
  for (const [index, step] of (steps as unknown[]).entries()) {
    const problem = findStepProblem(step);
    if (problem !== null) return { ...problem, path: ["steps", index, ...problem.path] };
  }
  return null;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const problem = findJsonSyntaxProblem(text);
    const offset = problem?.offset ?? 0;
    const character = text.codePointAt(offset);
    const got = character === undefined ? "the end" : JSON.stringify(String.fromCodePoint(character));
    const sentence = `expected ${problem?.expected ?? "JSON"}, got ${got}`;
    throw new ScheduleError(sentence, place(text, offset, file), error);
  }
}

/** `steps[3].move`. */
function nameOf(path: JsonPath): string {
  return path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    return name === "" ? part : `${name}.${part}`;
  }, "");
}

function place(text: string, offset: number, file: string): { file: string; line: number; column: number } {
  const before = text.slice(0, offset);
  return { file, line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
