import { EnvironmentError } from "../database-error.ts";
import type { ServerOptions } from "./server.ts";

/**
 * The user's settings over ours, as command line options `--name=value`.
 * @param owned variables that we need for ourselves, spelled with `_`
 * @throws EnvironmentError for one of those, or for a name that is none
 */
export function settingOptions(
  defaults: Readonly<Record<string, string>>,
  options: ServerOptions,
  owned: readonly string[],
): string[] {
  for (const given of Object.keys(options.settings ?? {})) {
    const name = given.replace(/^loose[_-]/, "");
    const plain = name.replaceAll("-", "_").toLowerCase();
    if (!/^[a-z][a-z0-9_.]*$/.test(plain))
      throw new EnvironmentError(`"${name}" is no name of a server variable: give --set NAME=VALUE.`);
    if (owned.includes(plain.replace(/^(?:skip|enable|disable|maximum)_/, "")))
      throw new EnvironmentError(
        `The server variable ${name} is needed by isolab itself: leave it out, or use a server of yours with --url.`,
      );
  }
  return Object.entries({ ...defaults, ...options.settings }).map(([name, value]) => `--${name}=${value}`);
}
