import type { Layout } from "./layout.ts";
import type { Model } from "./model.ts";
import { roundTicks } from "./ticks.ts";
import type { View } from "./view.ts";
import { momentText } from "./words.ts";

/** Colours by the names of the page's variables, without `--`. */
export type Colours = Readonly<Record<string, string>>;

/** All that a drawing depends on. */
export interface Scene {
  readonly model: Model;
  readonly view: View;
  readonly whole: View;
  readonly layout: Layout;
  readonly mask: Uint8Array;
  /** In the order in which an anomaly names them. */
  readonly selected: ReadonlySet<number>;
  readonly colours: Colours;
  /** How many operations lie in each pixel of the overview. */
  readonly density: Uint32Array;
}

const outcomeColours = ["ok", "fail", "info"] as const;
/** Narrower bars, in pixels, are merged with those in the same pixel. */
const merged = 1.5;

/** Draws everything anew; linear in the operations, a rectangle at most per pixel and lane where they are dense. */
export function paint(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout } = scene;
  context.clearRect(0, 0, layout.width, layout.height);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  paintOverview(context, scene);
  paintScale(context, scene);
  context.save();
  context.beginPath();
  context.rect(layout.left, layout.overview, layout.width - layout.left, layout.height);
  context.clip();
  paintFaults(context, scene);
  paintBlocked(context, scene);
  paintOperations(context, scene);
  context.restore();
  paintLaneNames(context, scene);
}

/** The x of a moment. */
export function xOf(
  { layout: { left, width }, view }: Pick<Scene, "layout" | "view">,
  moment: number,
): number {
  return left + ((moment - view.from) / (view.to - view.from)) * (width - left);
}

function colour({ colours }: Scene, name: string): string {
  return colours[name] ?? "gray";
}

function paintOverview(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, density, whole, view } = scene;
  const { left, width, overview } = layout;
  const most = density.reduce((a, b) => Math.max(a, b), 1);
  const x = (moment: number): number =>
    left + ((moment - whole.from) / (whole.to - whole.from)) * (width - left);
  context.fillStyle = colour(scene, "shade");
  context.fillRect(left, 0, width - left, overview - 4);
  context.fillStyle = colour(scene, "fault");
  for (const { from, to } of scene.model.data.faults)
    context.fillRect(x(from), 0, Math.max(1.5, x(to ?? whole.to) - x(from)), overview - 4);
  context.fillStyle = colour(scene, "faint");
  density.forEach((count, pixel) => {
    const high = Math.ceil((count / most) * (overview - 8));
    if (count > 0) context.fillRect(left + pixel, overview - 4 - high, 1, high);
  });
  context.strokeStyle = colour(scene, "link");
  context.lineWidth = 2;
  context.strokeRect(x(view.from) + 1, 1, Math.max(4, x(view.to) - x(view.from) - 2), overview - 6);
}

function paintScale(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, model } = scene;
  const span = view.to - view.from;
  const wanted = Math.max(2, Math.floor((layout.width - layout.left) / 110));
  const { unit } = model.data;
  context.textAlign = "left";
  for (const tick of roundTicks(view.from, view.to, wanted)) {
    if (unit === "step" && !Number.isInteger(tick)) continue;
    const x = xOf(scene, tick);
    context.fillStyle = colour(scene, "line");
    context.fillRect(x, layout.overview + 2, 1, layout.height);
    context.fillStyle = colour(scene, "faint");
    const text = momentText(
      unit,
      tick,
      Math.max(span, unit === "us" && view.to >= 1e6 && span >= 1e4 ? 1e6 : span),
    );
    if (x + context.measureText(text).width + 4 < layout.width)
      context.fillText(text, x + 4, layout.overview + 11);
  }
}

function paintFaults(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, whole, model } = scene;
  let labelled = layout.left;
  for (const { f, from, to } of model.data.faults) {
    const end = to ?? whole.to;
    if (end < view.from || from > view.to) continue;
    const x = xOf(scene, from);
    const width = Math.max(2, xOf(scene, end) - x);
    context.fillStyle = colour(scene, "fault");
    context.fillRect(x, layout.top - 2, width, layout.height);
    const room = context.measureText(f).width;
    const at = Math.max(x, layout.left) + 2;
    if (at < labelled || width < room) continue;
    context.fillStyle = colour(scene, "fault-ink");
    context.fillText(f, at, layout.height - 9);
    labelled = at + room + 6;
  }
}

function paintBlocked(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, view, model } = scene;
  context.fillStyle = colour(scene, "blocked");
  for (const [lane, from, to] of model.data.blocked) {
    if (to < view.from || from > view.to) continue;
    const x = xOf(scene, from);
    context.fillRect(x, layout.top + lane * layout.laneHeight, xOf(scene, to) - x, layout.laneHeight);
  }
}

function paintOperations(context: CanvasRenderingContext2D, scene: Scene): void {
  const { model, view, layout, mask, selected } = scene;
  const { count, begin, end, data, marked } = model;
  // Of each lane, how far it is painted already, and with what: the worst outcome of a pixel stays.
  const reached = new Float64Array(data.lanes.length).fill(-Infinity);
  const rank = new Uint8Array(data.lanes.length);
  const above: number[] = [];
  for (let at = 0; at < count; at++) {
    const from = begin[at] ?? 0;
    if (from > view.to) break;
    if (mask[at] !== 1 || (end[at] ?? 0) < view.from) continue;
    if (marked[at] === 1 || selected.has(at)) {
      above.push(at);
      continue;
    }
    const lane = data.lane[at] ?? 0;
    const outcome = data.outcome[at] ?? 0;
    const x = xOf(scene, from);
    const width = xOf(scene, end[at] ?? 0) - x;
    const right = x + Math.max(width, 1);
    const isHidden = width < merged && right <= (reached[lane] ?? 0) && outcome <= (rank[lane] ?? 0);
    if (isHidden) continue;
    paintBar(context, scene, at, x, width);
    if (right > (reached[lane] ?? 0) + 1) rank[lane] = outcome;
    else rank[lane] = Math.max(outcome, rank[lane] ?? 0);
    reached[lane] = Math.max(right, reached[lane] ?? 0);
  }
  for (const at of above) {
    const x = xOf(scene, begin[at] ?? 0);
    paintBar(context, scene, at, x, xOf(scene, end[at] ?? 0) - x);
  }
  if (selected.size === 0 || layout.laneHeight === 0) return;
  for (const at of selected) paintSelection(context, scene, at);
}

/** ok fills its lane, fail is low, info has a bold edge: not by colour alone. */
function paintBar(
  context: CanvasRenderingContext2D,
  scene: Scene,
  at: number,
  x: number,
  width: number,
): void {
  const { model, layout } = scene;
  const { laneHeight } = layout;
  const outcome = model.data.outcome[at] ?? 0;
  const isMarked = model.marked[at] === 1;
  const gap = width > 4 ? 1 : 0;
  const shown = Math.max(width - gap, isMarked ? 3 : 1);
  const inset = outcome === 1 ? Math.round(laneHeight * 0.34) : Math.round(laneHeight * 0.16);
  const y = layout.top + (model.data.lane[at] ?? 0) * laneHeight + inset;
  const height = laneHeight - 2 * inset;
  const name = isMarked ? "marked" : (outcomeColours[outcome] ?? "ok");
  context.fillStyle = colour(scene, name);
  context.fillRect(x, y, shown, height);
  if (outcome === 2 && shown > 5) {
    context.fillStyle = colour(scene, "ink");
    context.fillRect(x + shown - 2, y, 2, height);
  }
  const text = nameOf(scene, at);
  if (shown < 20 || laneHeight < 18 || outcome === 1) return;
  const room = context.measureText(text).width;
  const left = Math.max(x, layout.left) + 4;
  if (left + room + 4 > x + shown) return;
  context.fillStyle = colour(scene, "on-bar");
  context.fillText(text, left, y + height / 2 + 0.5);
}

/** Transactions of an anomaly are called as in its picture. */
function nameOf({ model, selected }: Scene, at: number): string {
  if (selected.size > 1 && selected.has(at)) return `T${[...selected].indexOf(at) + 1}`;
  return model.data.functions[model.data.f[at] ?? 0] ?? "";
}

function paintSelection(context: CanvasRenderingContext2D, scene: Scene, at: number): void {
  const { model, layout } = scene;
  const x = xOf(scene, model.begin[at] ?? 0);
  const width = Math.max(4, xOf(scene, model.end[at] ?? 0) - x);
  context.strokeStyle = colour(scene, "ink");
  context.lineWidth = 2;
  const y = layout.top + (model.data.lane[at] ?? 0) * layout.laneHeight;
  context.strokeRect(x - 1, y + 1, width + 1, layout.laneHeight - 2);
}

function paintLaneNames(context: CanvasRenderingContext2D, scene: Scene): void {
  const { layout, model } = scene;
  context.textAlign = "left";
  model.data.lanes.forEach((name, lane) => {
    const y = layout.top + lane * layout.laneHeight;
    context.fillStyle = colour(scene, "line");
    context.fillRect(0, y, layout.width, 1);
    context.fillStyle = colour(scene, "faint");
    context.fillText(name, 0, y + layout.laneHeight / 2, layout.left - 6);
  });
}
