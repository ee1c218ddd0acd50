import { nearest } from "./find.ts";
import type { Stage } from "./stage.ts";

/** Pixels that a finger or mouse may slip and still mean a click. */
const slip = 5;
/** Pixels beside a bar that still mean the bar. */
const tolerance = 6;

/** Drag to move, pinch or Ctrl and wheel to zoom, a click for details; the overview at the top leads anywhere. */
export function startPointer(canvas: HTMLCanvasElement, stage: Stage): void {
  const down = new Map<number, number>();
  const press = { x: 0, moved: false, overview: false };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event.offsetX);
    press.x = event.offsetX;
    press.moved = down.size > 1;
    press.overview = event.offsetY < stage.scene().layout.overview;
    if (press.overview) leadTo(stage, event.offsetX);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    down.set(event.pointerId, event.offsetX);
    if (press.overview) {
      leadTo(stage, event.offsetX);
      return;
    }
    if (down.size === 2) {
      pinch(stage, down, event.pointerId, before);
      return;
    }
    if (Math.abs(event.offsetX - press.x) > slip) press.moved = true;
    if (press.moved) stage.move((before - event.offsetX) * unitsPerPixel(stage));
  });
  canvas.addEventListener("pointerup", (event) => {
    down.delete(event.pointerId);
    if (!press.moved && !press.overview) click(stage, event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
  });
  canvas.addEventListener("dblclick", (event) => {
    if (!press.overview) stage.zoom(0.4, momentAt(stage, event.offsetX));
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey)
        stage.zoom(Math.exp(event.deltaY / 250), momentAt(stage, event.offsetX));
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        stage.move(sideways * unitsPerPixel(stage));
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}

function unitsPerPixel(stage: Stage): number {
  const { view, layout } = stage.scene();
  return (view.to - view.from) / (layout.width - layout.left);
}

function momentAt(stage: Stage, x: number): number {
  const { view, layout } = stage.scene();
  return view.from + (x - layout.left) * unitsPerPixel(stage);
}

/** The view's middle to a place in the overview. */
function leadTo(stage: Stage, x: number): void {
  const { view, whole, layout } = stage.scene();
  const moment = whole.from + ((x - layout.left) / (layout.width - layout.left)) * (whole.to - whole.from);
  stage.move(moment - (view.from + view.to) / 2);
}

function pinch(stage: Stage, down: ReadonlyMap<number, number>, moving: number, before: number): void {
  const other = [...down].find(([id]) => id !== moving)?.[1] ?? before;
  const now = down.get(moving) ?? before;
  const [was, is] = [Math.abs(before - other), Math.abs(now - other)];
  if (was > 10 && is > 10) stage.zoom(was / is, momentAt(stage, other));
}

function click(stage: Stage, x: number, y: number): void {
  const { layout, mask, model } = stage.scene();
  const lane = Math.floor((y - layout.top) / layout.laneHeight);
  const reach = tolerance * unitsPerPixel(stage);
  const found = nearest(model, mask, lane, momentAt(stage, x), reach);
  stage.select(found < 0 ? [] : [found]);
}
