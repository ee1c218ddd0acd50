import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { comparePage } from "../../../src/report/compare/compare-page.ts";
import type { CompareView } from "../../../src/report/compare/compare-view.ts";
import { startChromium } from "../../support/chromium.ts";
import { hostileView, largeView } from "./views.ts";

const room = mkdtempSync(join(tmpdir(), "isolab-matrix-"));
/** Set to keep pictures of what the tests saw. */
const pictures = process.env.ISOLAB_SCREENSHOTS;
let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(async () => {
  await browser.close();
  rmSync(room, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** What the console and scripts said, and requests for anything but the page. */
  readonly trouble: readonly string[];
}

async function opened(
  view: CompareView,
  circumstances: NonNullable<Parameters<Browser["newPage"]>[0]>,
): Promise<Opened> {
  const file = join(room, "compare.html");
  const runs = view.cells.map((cell) => ({ ...cell, run: join(room, "1-run") }));
  mkdirSync(join(room, "1-run"), { recursive: true });
  writeFileSync(file, comparePage({ ...view, cells: runs }, room));
  const page = await browser.newPage(circumstances);
  page.setDefaultTimeout(10_000);
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const url = pathToFileURL(file).href;
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:"))
      trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, trouble };
}

function overflow(page: Page): Promise<number> {
  return page.evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`);
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

describe.each([
  [320, "light"],
  [320, "dark"],
  [1280, "light"],
  [1280, "dark"],
] as const)("a matrix at %i pixels, %s", (width, colorScheme) => {
  const circumstances = { viewport: { width, height: 800 }, colorScheme };
  let matrix: Opened;

  beforeAll(async () => {
    matrix = await opened(largeView(), circumstances);
  });

  afterAll(async () => {
    await matrix.page.close();
  });

  test("is drawn by the style sheet that the policy knows, and has trouble with nothing", async () => {
    const { page, trouble } = matrix;
    await picture(page, `matrix-${width}-${colorScheme}`);
    const ground = await page.evaluate(`getComputedStyle(document.body).backgroundColor`);
    expect(ground).toBe(colorScheme === "dark" ? "rgb(15, 23, 42)" : "rgb(255, 255, 255)");
    expect(await overflow(page)).toBe(0);
    expect(trouble).toEqual([]);
  });

  test("shows every cell of the map whole, and says its level where the columns have no heads", async () => {
    const { page } = matrix;
    const cells = page.locator(".map td a");
    expect(await cells.count()).toBe(24);
    for (const one of await cells.all()) {
      const box = await one.boundingBox();
      expect(box?.width).toBeGreaterThan(100);
      expect((box?.x ?? -1) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    }
    const level = page.locator(".map .level").first();
    expect(await level.isVisible()).toBe(width < 640);
    expect(await page.locator(".map thead th").first().isVisible()).toBe(width > 640);
  });

  test("names the columns in each card, where rows are cards", async () => {
    const { page } = matrix;
    const names = await page.evaluate(
      `[...document.querySelectorAll(".cards:last-of-type tbody tr:first-child td")].map((td) => getComputedStyle(td, "::before").content)`,
    );
    if (width < 640) expect(names).toContain('"as declared"');
    else expect(new Set(names as readonly string[])).toEqual(new Set(["none"]));
  });

  test("is gone through by the keyboard, and a cell leads to its run", async () => {
    const { page } = matrix;
    await page.keyboard.press("Tab");
    expect(await page.evaluate(`document.activeElement.getAttribute("aria-label")`)).toMatch(
      /^Map of postgres/,
    );
    await page.keyboard.press("Tab");
    const href: string = await page.evaluate(`document.activeElement.getAttribute("href")`);
    expect(href).toBe("./1-run/");
    const outline = await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`);
    expect(outline).toBe("solid");
    await page.evaluate(`document.activeElement.blur()`);
  });
});

test("on paper it is light, whatever the screen was", async () => {
  const { page } = await opened(largeView(), { colorScheme: "dark" });
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe("rgb(255, 255, 255)");
  await picture(page, "matrix-paper");
  await page.close();
});

test("whatever things are called stays text", async () => {
  const { page, trouble } = await opened(hostileView, { viewport: { width: 320, height: 800 } });
  expect(await page.locator("img, script").count()).toBe(0);
  expect(await overflow(page)).toBe(0);
  expect(trouble).toEqual([]);
  await picture(page, "matrix-hostile");
  await page.close();
});
