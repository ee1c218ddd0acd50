import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** A headless Chromium of this machine. @throws Error with one sentence where there is none */
export async function startChromium(): Promise<Browser> {
  const executablePath = names.map(programPath).find((path) => path !== undefined);
  if (executablePath === undefined)
    throw new Error("no Chromium was found on the PATH: node scripts/ensure-chromium.mjs installs one");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

function programPath(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(":")
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
