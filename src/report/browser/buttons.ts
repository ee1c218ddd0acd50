import type { Stage } from "./stage.ts";

/** Buttons with `data-zoom`: in, out or all. */
export function startZoomButtons(stage: Stage): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-zoom]"))
    button.addEventListener("click", () => {
      const { zoom } = button.dataset;
      if (zoom === "all") stage.all();
      else stage.zoom(zoom === "in" ? 0.5 : 2);
    });
}

/** Buttons with `data-show` lead from an anomaly to its operations, whatever is filtered. */
export function startShowButtons(canvas: HTMLCanvasElement, stage: Stage, unfilter: () => void): void {
  const positions = new Map(Array.from(stage.model.index, (index, at) => [index, at]));
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-show]")) {
    const wanted = (button.dataset.show ?? "")
      .split(" ")
      .flatMap((index) => positions.get(Number(index)) ?? []);
    if (wanted.length === 0) continue;
    button.hidden = false;
    button.disabled = false;
    button.addEventListener("click", () => {
      unfilter();
      stage.select(wanted);
      canvas.focus({ preventScroll: true });
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      document.getElementById("timeline")?.scrollIntoView({ behavior: isCalm ? "auto" : "smooth" });
    });
  }
}
