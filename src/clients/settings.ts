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

/** Whether two spellings of a value mean the same to a server: `on`, `ON`, `1` and `true`, say. */
export function sameSetting(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: string): string {
  const word = value.trim().toLowerCase();
  if (["on", "true", "yes", "1"].includes(word)) return "1";
  if (["off", "false", "no", "0"].includes(word)) return "0";
  return word;
}
