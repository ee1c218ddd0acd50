import type { TimelineData } from "../run/timeline-data.ts";
import { startShowButtons, startZoomButtons } from "./buttons.ts";
import { filterFrom } from "./controls.ts";
import { passing } from "./filter.ts";
import { startKeys } from "./keys.ts";
import { modelOf } from "./model.ts";
import { startPointer } from "./pointer.ts";
import { Stage } from "./stage.ts";

/** Shows the timeline, and answers how to paint it again; does nothing where there is none. */
export function startTimeline(): () => void {
  const source = document.getElementById("timeline-data");
  const canvas = document.getElementById("timeline-canvas");
  const form = document.getElementById("timeline-filters");
  const context = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : null;
  const isComplete =
    source !== null &&
    canvas instanceof HTMLCanvasElement &&
    form instanceof HTMLFormElement &&
    context !== null;
  if (!isComplete) return () => undefined;
  for (const id of ["filters", "frame", "legend", "help", "text"]) reveal(`timeline-${id}`);
  const model = modelOf(JSON.parse(source.textContent) as TimelineData);
  const stage = new Stage(model, canvas, context);
  const refilter = (): void => {
    stage.filter(passing(model, filterFrom(form)));
  };
  form.addEventListener("input", refilter);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  startZoomButtons(stage);
  startPointer(canvas, stage);
  startKeys(canvas, stage);
  startShowButtons(canvas, stage, () => {
    form.reset();
    refilter();
  });
  followThePage(canvas, stage);
  stage.fit();
  return () => {
    stage.repaint();
  };
}

/** Paints again when the page's width, its colours or what is unfolded changes. */
function followThePage(canvas: HTMLCanvasElement, stage: Stage): void {
  document.getElementById("timeline-text")?.addEventListener("toggle", () => {
    stage.paintSoon();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    stage.repaint();
  });
  if (canvas.parentElement === null) return;
  const observer = new ResizeObserver(() => {
    stage.fit();
  });
  observer.observe(canvas.parentElement);
}

function reveal(id: string): void {
  const found = document.getElementById(id);
  if (found !== null) found.hidden = false;
}
