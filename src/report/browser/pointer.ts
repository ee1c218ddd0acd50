import { nearest } from "./find.ts";
import type { Timeline } from "./timeline.ts";

/** Pixels that a finger or mouse may slip and still mean a click. */
const slip = 5;
/** Pixels beside a bar that still mean the bar. */
const tolerance = 6;

/** Drag to move, pinch or Ctrl and wheel to zoom, a click for details; the overview at the top leads anywhere. */
export function startPointer(canvas: HTMLCanvasElement, timeline: Timeline): void {
  const down = new Map<number, number>();
  const press = { x: 0, moved: false, overview: false };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, event.offsetX);
    press.x = event.offsetX;
    press.moved = down.size > 1;
    press.overview = event.offsetY < timeline.scene().layout.overview;
    if (press.overview) leadTo(timeline, event.offsetX);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    down.set(event.pointerId, event.offsetX);
    if (press.overview) {
      leadTo(timeline, event.offsetX);
      return;
    }
    if (down.size === 2) {
      pinch(timeline, down, event.pointerId, before);
      return;
    }
    if (Math.abs(event.offsetX - press.x) > slip) press.moved = true;
    if (press.moved) timeline.move((before - event.offsetX) * unitsPerPixel(timeline));
  });
  canvas.addEventListener("pointerup", (event) => {
    down.delete(event.pointerId);
    if (!press.moved && !press.overview) click(timeline, event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointercancel", (event) => {
    down.delete(event.pointerId);
  });
  canvas.addEventListener("dblclick", (event) => {
    if (!press.overview) timeline.zoom(0.4, momentAt(timeline, event.offsetX));
  });
  canvas.addEventListener(
    "wheel",
    (event) => {
      const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      if (event.ctrlKey || event.metaKey)
        timeline.zoom(Math.exp(event.deltaY / 250), momentAt(timeline, event.offsetX));
      else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        timeline.move(sideways * unitsPerPixel(timeline));
      else return;
      event.preventDefault();
    },
    { passive: false },
  );
}

function unitsPerPixel(timeline: Timeline): number {
  const { view, layout } = timeline.scene();
  return (view.to - view.from) / (layout.width - layout.left);
}

function momentAt(timeline: Timeline, x: number): number {
  const { view, layout } = timeline.scene();
  return view.from + (x - layout.left) * unitsPerPixel(timeline);
}

/** The view's middle to a place in the overview. */
function leadTo(timeline: Timeline, x: number): void {
  const { view, whole, layout } = timeline.scene();
  const moment = whole.from + ((x - layout.left) / (layout.width - layout.left)) * (whole.to - whole.from);
  timeline.move(moment - (view.from + view.to) / 2);
}

function pinch(timeline: Timeline, down: ReadonlyMap<number, number>, moving: number, before: number): void {
  const other = [...down].find(([id]) => id !== moving)?.[1] ?? before;
  const now = down.get(moving) ?? before;
  const [was, is] = [Math.abs(before - other), Math.abs(now - other)];
  if (was > 10 && is > 10) timeline.zoom(was / is, momentAt(timeline, other));
}

function click(timeline: Timeline, x: number, y: number): void {
  const { layout, mask, model } = timeline.scene();
  const lane = Math.floor((y - layout.top) / layout.laneHeight);
  const reach = tolerance * unitsPerPixel(timeline);
  const found = nearest(model, mask, lane, momentAt(timeline, x), reach);
  timeline.select(found < 0 ? [] : [found]);
}
