import { isolationLevels, type IsolationLevel } from "../history/header.ts";
import { UsageError } from "./usage-error.ts";

/** A duration such as `500ms`, `30s`, `5m`, `1h` in milliseconds. @throws UsageError */
export function durationMs(flag: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text);
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] ?? ""];
  if (match === null || unit === undefined) {
    throw new UsageError(`${flag} must be a duration such as 500ms, 30s, 5m or 1h, got "${text}"`);
  }
  return Number(match[1]) * unit;
}

/** A whole number within bounds. @throws UsageError */
export function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, got "${text}"`);
  }
  return value;
}

/** A positive number. @throws UsageError */
export function positiveNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new UsageError(`${flag} must be a number above 0, got "${text}"`);
  }
  return value;
}

/** A number from 0 to 1. @throws UsageError */
export function fraction(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) {
    throw new UsageError(`${flag} must be a number from 0 to 1, got "${text}"`);
  }
  return value;
}

/** `NAME=VALUE`, split at the first `=`. @throws UsageError */
export function assignment(flag: string, text: string): readonly [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`${flag} must look like NAME=VALUE, got "${text}"`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** One of the four levels. @throws UsageError */
export function isolationLevel(text: string): IsolationLevel {
  const level = isolationLevels.find((name) => name === text);
  if (level === undefined)
    throw new UsageError(`--isolation must be one of ${isolationLevels.join(", ")}, got "${text}"`);
  return level;
}

/** A comma-separated list without empty entries. @throws UsageError when nothing is left */
export function list(flag: string, text: string): readonly string[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) throw new UsageError(`${flag} names nothing`);
  return parts;
}
