import { EnvironmentError } from "./database-error.ts";

export type Settings = Readonly<Record<string, string>>;

/**
 * Makes sure that names of server variables can be written into a statement.
 * @throws EnvironmentError for anything but letters, `_` and `.`
 */
export function checkSettingNames(settings: Settings): void {
  for (const name of Object.keys(settings))
    if (!/^[a-z_.]+$/i.test(name))
      throw new EnvironmentError(
        `${JSON.stringify(name)} is no name of a server variable: write --set NAME=VALUE with letters, _ and . in the name.`,
      );
}

/** A variable the server would not set for a session. */
export function settingRefused(name: string, value: string, label: string, error: unknown): EnvironmentError {
  const why = error instanceof Error ? ` (${error.message})` : "";
  return new EnvironmentError(
    `The database at ${label} does not accept ${name}=${value} for a session${why}: set it in the server's own configuration, or leave it out.`,
    { cause: error },
  );
}

/**
 * Whether two spellings of a value mean the same to a server: `on`, `ON`, `1` and `true`, say, or `64M` and
 * `67108864`, or `120s` and `2min`.
 */
export function sameSetting(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: string): string {
  const word = value.trim().toLowerCase();
  if (["on", "true", "yes", "1"].includes(word)) return "1";
  if (["off", "false", "no", "0"].includes(word)) return "0";
  const [, digits = "", unit = ""] = /^(\d+)([a-z]+)$/.exec(word) ?? [];
  const amount = Number(digits);
  const bytes = byteUnits[unit.replace(/b$/, "")];
  if (bytes !== undefined) return String(amount * bytes);
  const milliseconds = timeUnits[unit];
  return milliseconds === undefined ? word : `${amount * milliseconds}ms`;
}

const byteUnits: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

const timeUnits: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
