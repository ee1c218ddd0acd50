import { colour, type Scene, xOf } from "./scene.ts";

const outcomeColours = ["ok", "fail", "info"] as const;
/** Narrower bars, in pixels, are merged with those in the same pixel. */
const merged = 1.5;

/** The operations in view; one rectangle per pixel and lane where they are dense. Anomalies and what is selected lie on top. */
export function paintOperations(context: CanvasRenderingContext2D, scene: Scene): void {
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
