import { paintOperations } from "./paint-bars.ts";
import { colour, type Scene, xOf } from "./scene.ts";
import { roundTicks } from "./ticks.ts";
import { momentText } from "./words.ts";

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
