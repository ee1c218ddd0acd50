import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** What opens a file with the program that the desktop has for it. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/** Opens a file in a browser, and goes on; answers why not, where there is no program that could. */
export async function openFile(path: string): Promise<string | undefined> {
  const [command, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(command, [...args, pathToFileURL(resolve(path)).href], {
    detached: true,
    stdio: "ignore",
  });
  return new Promise((done) => {
    child.once("error", (error) => {
      done(`${command} cannot be started (${(error as NodeJS.ErrnoException).code ?? error.message})`);
    });
    child.once("spawn", () => {
      child.unref();
      done(undefined);
    });
  });
}
