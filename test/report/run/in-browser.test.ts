import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { realClock } from "../../../src/clock/real-clock.ts";
import type { RecordedRun } from "../../../src/report/run/recorded-run.ts";
import { runPage } from "../../../src/report/run/run-page.ts";
import { svgRenderer } from "../../../src/report/witness/svg-renderer.ts";
import { startChromium } from "../../support/chromium.ts";
import { hostileRun, mark } from "./hostile-run.ts";
import { interleavedRun, lostUpdate, runOf, Script } from "./runs.ts";

const room = mkdtempSync(join(tmpdir(), "isolab-report-"));
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

async function written(name: string, run: RecordedRun): Promise<string> {
  const renderer = svgRenderer(realClock());
  const file = join(room, `${name}.html`);
  writeFileSync(file, await runPage(run, renderer));
  await renderer.close();
  return pathToFileURL(file).href;
}

/** A page from disk, and everything that went wrong in it. */
interface Opened {
  readonly page: Page;
  /** Errors of scripts, messages of the console, breaches of the policy, requests for anything else. */
  readonly trouble: string[];
  readonly close: () => Promise<void>;
}

type Circumstances = NonNullable<Parameters<Browser["newContext"]>[0]>;

async function opened(url: string, circumstances: Circumstances = {}): Promise<Opened> {
  const context: BrowserContext = await browser.newContext(circumstances);
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const trouble: string[] = [];
  page.on("pageerror", (error) => trouble.push(`error: ${error.message}`));
  page.on("console", (message) => trouble.push(`console: ${message.text()}`));
  page.on("dialog", (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:"))
      trouble.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, trouble, close: () => context.close() };
}

function copied(page: Page): Promise<string> {
  return page.evaluate(`navigator.clipboard.readText()`);
}

/** How many pixels of the canvas have exactly the colour of a variable of the page. */
function pixels(page: Page, variable: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.getElementById("timeline-canvas");
    const [copy, probe] = [1, 2].map(() => document.createElement("canvas").getContext("2d", { willReadFrequently: true }));
    Object.assign(copy.canvas, { width: canvas.width, height: canvas.height });
    copy.drawImage(canvas, 0, 0);
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--${variable}").trim();
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    return count;
  })()`);
}

/** Two frames: what was asked for is painted. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))`);
}

async function overflow(page: Page): Promise<number> {
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
] as const)("at %i pixels, %s", (width, colorScheme) => {
  const circumstances = { viewport: { width, height: 800 }, colorScheme };
  let run: Opened;
  let explored: Opened;

  beforeAll(async () => {
    run = await opened(await written("run", runOf(lostUpdate().history())), circumstances);
    const found = interleavedRun("lost-update-postgres-read-committed");
    explored = await opened(await written("explored", found), circumstances);
  });

  afterAll(async () => {
    await run.close();
    await explored.close();
  });

  test("the verdict stands first, and its commands can be copied", async () => {
    const { page } = run;
    expect(await page.locator("h1").innerText()).toBe("append:plain at repeatable-read");
    expect(await page.locator(".banner.bad .word").innerText()).toBe("✗ Invalid");
    await page.getByRole("button", { name: "Copy the command: Run it again" }).click();
    await expect.poll(() => copied(page)).toBe("npx isolab replay runs/1");
    await expect.poll(() => page.getByRole("status").first().innerText()).toContain("Copied");
  });

  test("an anomaly has a picture that fits its frame or scrolls in it, and words", async () => {
    const { page } = run;
    const article = page.locator("article", { hasText: "lost-update" }).first();
    const drawing = article.getByRole("img").first();
    expect(await drawing.getAttribute("aria-label")).toContain("lost-update, case 1: 2 transactions");
    expect((await drawing.boundingBox())?.width).toBeGreaterThan(200);
    await article.getByText("The 2 transactions").click();
    expect(await article.locator("mark, code").first().isVisible()).toBe(true);
    expect(await overflow(page)).toBe(0);
  });

  test("an anomaly leads to its operations in the timeline, and the keyboard from there", async () => {
    const { page } = run;
    await page.locator('article button[data-show="2 3"]').last().click();
    const details = page.locator("#timeline-details");
    expect(await details.innerText()).toContain(
      "T1 is txn by process 0 in session 0: ok, part of an anomaly. Index 2,",
    );
    expect(await details.innerText()).toContain("Index 3,");
    expect(await page.evaluate(`document.activeElement.id`)).toBe("timeline-canvas");
    await page.keyboard.press("Escape");
    expect(await details.isHidden()).toBe(true);
    await page.keyboard.press("ArrowRight");
    expect(await details.innerText()).toContain("in session 0: ok, part of an anomaly. Index 2,");
    await page.keyboard.press("ArrowDown");
    expect(await details.innerText()).toContain("in session 1");
    await page.keyboard.press("ArrowRight");
    expect(await details.innerText()).toContain("append 1 to y1");
    await page.keyboard.press("0");
  });

  test("a click shows the operation under it", async () => {
    const { page } = run;
    await page.locator("#timeline-canvas").scrollIntoViewIfNeeded();
    const place = await page.locator("#timeline-canvas").boundingBox();
    // Lane of session 0: the lost update is in the first hundredth of the run, drawn at least three pixels wide.
    await page.mouse.click((place?.x ?? 0) + 70 + 3, (place?.y ?? 0) + 52 + 13);
    expect(await page.locator("#timeline-details").innerText()).toContain("part of an anomaly");
    await page.keyboard.press("Escape");
  });

  test("the timeline is drawn in the page's colours, and filters take away", async () => {
    const { page } = run;
    await painted(page);
    const before = { ok: await pixels(page, "ok"), marked: await pixels(page, "marked") };
    expect(before.ok).toBeGreaterThan(100);
    expect(before.marked).toBeGreaterThan(20);
    await page.getByRole("checkbox", { name: "ok", exact: true }).uncheck();
    await painted(page);
    expect([await pixels(page, "ok"), await pixels(page, "marked")]).toEqual([0, 0]);
    expect(await pixels(page, "fail")).toBeGreaterThan(5);
    await page.getByRole("checkbox", { name: "ok", exact: true }).check();
    await page.getByLabel("Key").fill("x");
    await painted(page);
    expect(await pixels(page, "ok")).toBeLessThan(before.ok / 4);
    expect(await pixels(page, "marked")).toBe(before.marked);
    await page.getByLabel("Key").fill("");
    await page.getByRole("combobox", { name: "Session" }).selectOption("session 2");
    await painted(page);
    expect(await pixels(page, "marked")).toBe(0);
    await page.getByRole("combobox", { name: "Session" }).selectOption("all");
  });

  test("zoom, wheel and drag change what the table beside it says", async () => {
    const { page } = run;
    const hint = page.locator("#timeline-table-hint");
    await page.getByText("The operations in view as a table").click();
    await expect.poll(() => hint.innerText()).toBe("27 operations are in view.");
    const place = await page.locator("#timeline-canvas").boundingBox();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Zoom in" }).click();
    await expect.poll(() => hint.innerText()).not.toBe("27 operations are in view.");
    const zoomedIn = await page.locator("#timeline-rows").innerText();
    expect(zoomedIn).toContain("append");
    const [x, y] = [(place?.x ?? 0) + 150, (place?.y ?? 0) + 70];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 60, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.locator("#timeline-rows").innerText()).not.toBe(zoomedIn);
    const dragged = await page.locator("#timeline-rows").innerText();
    await page.mouse.wheel(-80, 0);
    await expect.poll(() => page.locator("#timeline-rows").innerText()).not.toBe(dragged);
    await page.getByRole("button", { name: "All" }).click();
    await expect.poll(() => hint.innerText()).toBe("27 operations are in view.");
  });

  test("plots have names, and say what they show to those who do not see them", async () => {
    const { page } = run;
    const throughput = page.getByRole("img", { name: /^Attempts per second over time; ok at most/ });
    expect((await throughput.boundingBox())?.width).toBeGreaterThan(250);
    expect(await page.getByRole("img", { name: /^Latency percentiles/ }).isVisible()).toBe(true);
    await picture(page, `run-${width}-${colorScheme}`);
  });

  test("the reproduction can be copied whole and by session", async () => {
    const { page } = explored;
    await page.getByText("repro.sql, with set-up and clean-up").click();
    await page.getByRole("button", { name: "Copy all of it" }).click();
    await expect.poll(() => copied(page)).toContain("-- isolab repro.sql for PostgreSQL");
    if (width > 640) {
      await page.getByRole("button", { name: "Copy the statements of session A" }).click();
      await expect.poll(() => copied(page)).toMatch(/^BEGIN[^]*;\nCOMMIT;$/);
    } else {
      expect(await page.locator('td[data-session="B"]').first().isVisible()).toBe(true);
    }
    await picture(page, `explored-${width}-${colorScheme}`);
  });

  test("nothing is wider than the screen, and nothing went wrong", async () => {
    for (const { page, trouble } of [run, explored]) {
      expect(await overflow(page)).toBe(0);
      expect(trouble).toEqual([]);
    }
  });
});

test("whatever a history holds stays text: nothing of it runs, and the policy is not even needed", async () => {
  const { page, trouble, close } = await opened(await written("hostile", hostileRun()));
  await page.locator("#timeline-canvas").focus();
  await page.keyboard.press("ArrowRight");
  await page.getByText("The operations in view as a table").click();
  await page.getByLabel("Key").fill(mark);
  await page.evaluate(`for (const part of document.querySelectorAll("details")) part.open = true`);
  await painted(page);
  expect(await page.evaluate(`window.hacked`)).toBeUndefined();
  expect(await page.locator("img, iframe, script:not([type]):not(:last-of-type)").count()).toBe(0);
  expect(trouble).toEqual([]);
  expect(await page.locator("#timeline-details").innerText()).toContain(mark);
  expect(await page.locator("#timeline-rows").innerText()).toContain(mark);
  expect(await page.locator("#anomalies").innerText()).toContain(mark);
  await close();
});

test("what gets into the page all the same is stopped by the policy", async () => {
  const renderer = svgRenderer(realClock());
  const page = await runPage(runOf(lostUpdate().history()), renderer);
  await renderer.close();
  const file = join(room, "injected.html");
  const evil = `<img src="x:" onerror="window.hacked=1"><script>window.hacked=2</script><div style="position:fixed">`;
  writeFileSync(file, page.replace("<main>", `<main>${evil}`));
  const found = await opened(pathToFileURL(file).href);
  await painted(found.page);
  expect(await found.page.evaluate(`window.hacked`)).toBeUndefined();
  expect(found.trouble.join("\n")).toMatch(/inline script[^]*inline style|inline style[^]*inline script/);
  await found.close();
});

test("without scripts everything but the timeline is there", async () => {
  const { page, close } = await opened(await written("still", runOf(lostUpdate().history())), {
    javaScriptEnabled: false,
  });
  expect(await page.locator(".banner .word").innerText()).toBe("✗ Invalid");
  expect(await page.locator("#timeline").innerText()).toContain("drawn by the page's script");
  expect(await page.locator("#timeline-canvas").isVisible()).toBe(false);
  expect(await page.getByRole("button").count()).toBe(0);
  await close();
});

test("on paper everything is unfolded, light, and without controls", async () => {
  const { page, close } = await opened(await written("paper", runOf(lostUpdate().history())), {
    colorScheme: "dark",
  });
  await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  expect(await page.locator(".anomaly details:not([open])").count()).toBe(0);
  expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe("rgb(255, 255, 255)");
  expect(await page.getByRole("button", { name: "Zoom in" }).isVisible()).toBe(false);
  expect(await page.locator(".transactions").first().innerText()).toContain("T1");
  await picture(page, "paper");
  await page.evaluate(`dispatchEvent(new Event("afterprint"))`);
  expect(await page.locator(".anomaly details[open]").count()).toBe(0);
  await close();
});

test("60,000 operations are drawn on one canvas and stay smooth", async () => {
  const script = new Script();
  for (let i = 0; i < 60_000; i++)
    script.done(i, 0.4, i % 3, i % 9 === 0 ? "fail" : "ok", [["append", `k${i % 50}`, i]]);
  const base = runOf(lostUpdate().history());
  const url = await written("large", runOf(script.history(), { verdict: base.verdict }));
  const { page, trouble, close } = await opened(url, { viewport: { width: 1280, height: 800 } });
  expect(await page.evaluate(`document.querySelectorAll("*").length`)).toBeLessThan(2_000);
  const frame: number = await page.evaluate(`(async () => {
    const canvas = document.getElementById("timeline-canvas");
    const next = () => new Promise((done) => requestAnimationFrame(done));
    const times = [];
    for (let i = 0; i < 40; i++) {
      const from = performance.now();
      canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: i < 20 ? -40 : 40, ctrlKey: true, cancelable: true }));
      await next();
      await next();
      times.push((performance.now() - from) / 2);
    }
    return times.sort((a, b) => a - b)[20];
  })()`);
  console.log(`60,000 operations: a frame takes ${frame.toFixed(1)} ms (median)`);
  // A generous bound for a busy machine: painting each operation on its own takes several times as long.
  expect(frame).toBeLessThan(150);
  await page.getByText("The operations in view as a table").click();
  await expect.poll(() => page.locator("#timeline-rows tr").count()).toBe(100);
  expect(await page.locator("#timeline-table-hint").innerText()).toContain("The first 100 of 60,000");
  expect(trouble).toEqual([]);
  await close();
}, 120_000);
