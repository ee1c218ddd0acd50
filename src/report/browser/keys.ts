import { across, nearest, neighbour } from "./find.ts";
import type { Stage } from "./stage.ts";

/** Everything a pointer can do to a timeline can be done by these keys. */
export function startKeys(canvas: HTMLCanvasElement, stage: Stage): void {
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event.key, stage)) event.preventDefault();
  });
}

function act(key: string, stage: Stage): boolean {
  switch (key) {
    case "ArrowRight":
      step(stage, (at) => neighbour(stage.model, stage.scene().mask, at, 1));
      return true;
    case "ArrowLeft":
      step(stage, (at) => neighbour(stage.model, stage.scene().mask, at, -1));
      return true;
    case "ArrowDown":
      step(stage, (at) => across(stage.model, stage.scene().mask, at, 1));
      return true;
    case "ArrowUp":
      step(stage, (at) => across(stage.model, stage.scene().mask, at, -1));
      return true;
    case "+":
    case "=":
      stage.zoom(0.5, selectedMoment(stage));
      return true;
    case "-":
      stage.zoom(2, selectedMoment(stage));
      return true;
    case "0":
      stage.all();
      return true;
    case "PageDown":
    case "PageUp": {
      const { from, to } = stage.scene().view;
      stage.move((key === "PageDown" ? 0.8 : -0.8) * (to - from));
      return true;
    }
    case "Home":
    case "End": {
      const { whole } = stage.scene();
      stage.move(key === "Home" ? -whole.to : whole.to);
      return true;
    }
    case "Escape":
      stage.select([]);
      return true;
    default:
      return false;
  }
}

/** From the selected operation to another one; to the first one in view where none is. */
function step(stage: Stage, next: (at: number) => number): void {
  const { selected, view, mask, model } = stage.scene();
  const [current] = selected;
  if (current !== undefined) {
    const found = next(current);
    if (found >= 0) stage.select([found]);
    return;
  }
  const first = model.byLane.flatMap((_, lane) => {
    const at = nearest(model, mask, lane, view.from, Infinity);
    return at < 0 ? [] : [at];
  })[0];
  if (first !== undefined) stage.select([first]);
}

/** The selected operation keeps its place. */
function selectedMoment(stage: Stage): number | undefined {
  const { selected, model, view } = stage.scene();
  const [at] = selected;
  const moment = at === undefined ? undefined : model.begin[at];
  return moment !== undefined && moment >= view.from && moment <= view.to ? moment : undefined;
}
