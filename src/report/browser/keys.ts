import { across, nearest, neighbour } from "./find.ts";
import type { Timeline } from "./timeline.ts";

/** Everything a pointer can do to a timeline can be done by these keys. */
export function startKeys(canvas: HTMLCanvasElement, timeline: Timeline): void {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event.key, timeline)) event.preventDefault();
  });
}

function act(key: string, timeline: Timeline): boolean {
  switch (key) {
    case "ArrowRight":
      step(timeline, (at) => neighbour(timeline.model, timeline.scene().mask, at, 1));
      return true;
    case "ArrowLeft":
      step(timeline, (at) => neighbour(timeline.model, timeline.scene().mask, at, -1));
      return true;
    case "ArrowDown":
      step(timeline, (at) => across(timeline.model, timeline.scene().mask, at, 1));
      return true;
    case "ArrowUp":
      step(timeline, (at) => across(timeline.model, timeline.scene().mask, at, -1));
      return true;
    case "+":
    case "=":
      timeline.zoom(0.5, selectedMoment(timeline));
      return true;
    case "-":
      timeline.zoom(2, selectedMoment(timeline));
      return true;
    case "0":
      timeline.all();
      return true;
    case "PageDown":
    case "PageUp": {
      const { from, to } = timeline.scene().view;
      timeline.move((key === "PageDown" ? 0.8 : -0.8) * (to - from));
      return true;
    }
    case "Home":
    case "End": {
      const { whole } = timeline.scene();
      timeline.move(key === "Home" ? -whole.to : whole.to);
      return true;
    }
    case "Escape":
      timeline.select([]);
      return true;
    default:
      return false;
  }
}

/** From the selected operation to another one; to the first one in view where none is. */
function step(timeline: Timeline, next: (at: number) => number): void {
  const { selected, view, mask, model } = timeline.scene();
  const [current] = selected;
  if (current !== undefined) {
    const found = next(current);
    if (found >= 0) timeline.select([found]);
    return;
  }
  const first = model.byLane.flatMap((_, lane) => {
    const at = nearest(model, mask, lane, view.from, Infinity);
    return at < 0 ? [] : [at];
  })[0];
  if (first !== undefined) timeline.select([first]);
}

/** The selected operation keeps its place. */
function selectedMoment(timeline: Timeline): number | undefined {
  const { selected, model, view } = timeline.scene();
  const [at] = selected;
  const moment = at === undefined ? undefined : model.begin[at];
  return moment !== undefined && moment >= view.from && moment <= view.to ? moment : undefined;
}
