import type { TimelineData } from "../run/timeline-data.ts";
import { filterFrom } from "./controls.ts";
import { passing } from "./filter.ts";
import { startKeys } from "./keys.ts";
import { layoutFor } from "./layout.ts";
import { type Model, modelOf } from "./model.ts";
import { type Colours, paint, type Scene } from "./paint.ts";
import { startPointer } from "./pointer.ts";
import { say } from "./say.ts";
import { fillTable } from "./text-table.ts";
import { around, moved, showing, type View, zoomed } from "./view.ts";
import { sentencesOf } from "./words.ts";

/** What pointer, keyboard and buttons can do to a timeline. */
export interface Timeline {
  readonly model: Model;
  scene(): Scene;
  look(view: View): void;
  zoom(factor: number, around?: number): void;
  move(by: number): void;
  all(): void;
  /** Shows operations, and tells of the first one; none lets go. */
  select(positions: readonly number[]): void;
}

/** What changes while somebody looks. */
type State = { -readonly [name in Exclude<keyof Scene, "model" | "whole">]: Scene[name] } & {
  isWaiting: boolean;
};

const colourNames = [
  "ink",
  "faint",
  "line",
  "shade",
  "link",
  "ok",
  "fail",
  "info",
  "marked",
  "fault",
  "fault-ink",
  "blocked",
  "on-bar",
];

/** Shows the timeline, and answers how to paint it again; does nothing where there is none. */
export function startTimeline(): () => void {
  const source = document.getElementById("timeline-data");
  const canvas = document.getElementById("timeline-canvas");
  const context = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : null;
  if (source === null || !(canvas instanceof HTMLCanvasElement) || context === null) return () => undefined;
  const model = modelOf(JSON.parse(source.textContent) as TimelineData);
  const whole: View = { from: 0, to: Math.max(1, model.data.to) };
  const least = model.data.unit === "step" ? 4 : 20;
  const form = element("timeline-filters", HTMLFormElement);
  for (const id of ["filters", "frame", "legend", "help", "text"]) reveal(`timeline-${id}`);

  const state: State = {
    view: whole,
    mask: new Uint8Array(model.count).fill(1),
    selected: new Set<number>(),
    layout: layoutFor(320, model.data.lanes.length),
    density: new Uint32Array(0),
    colours: coloursNow(),
    isWaiting: false,
  };
  const scene = (): Scene => ({ ...state, model, whole });
  const repaint = (): void => {
    state.colours = coloursNow();
    paint(context, scene());
  };
  const paintSoon = (): void => {
    if (state.isWaiting) return;
    state.isWaiting = true;
    requestAnimationFrame(() => {
      state.isWaiting = false;
      paint(context, scene());
      fillTable(model, state.view, state.mask);
    });
  };
  const measure = (): void => {
    const width = Math.max(240, Math.floor(roomFor(canvas)));
    const layout = layoutFor(width, model.data.lanes.length);
    const scale = devicePixelRatio;
    canvas.width = Math.floor(layout.width * scale);
    canvas.height = Math.floor(layout.height * scale);
    canvas.style.width = `${layout.width}px`;
    canvas.style.height = `${layout.height}px`;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    state.layout = layout;
    state.density = densityOf(model, state.mask, whole, Math.max(1, layout.width - layout.left));
    paintSoon();
  };
  const refilter = (): void => {
    if (form !== null) state.mask = passing(model, filterFrom(form));
    measure();
  };
  const timeline: Timeline = {
    model,
    scene,
    look: (view) => {
      state.view = view;
      paintSoon();
    },
    zoom: (factor, at = (state.view.from + state.view.to) / 2) => {
      timeline.look(zoomed(state.view, factor, at, whole, least));
    },
    move: (by) => {
      timeline.look(moved(state.view, by, whole));
    },
    all: () => {
      timeline.look(whole);
    },
    select: (positions) => {
      state.selected = new Set(positions);
      tell(model, positions);
      const part = extentOf(model, positions);
      if (part !== undefined)
        timeline.look(positions.length > 1 ? around(part, whole, least) : showing(state.view, part, whole));
      else paintSoon();
    },
  };
  form?.addEventListener("input", refilter);
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
  });
  startZoomButtons(timeline);
  startPointer(canvas, timeline);
  startKeys(canvas, timeline);
  startShowButtons(canvas, timeline, () => {
    form?.reset();
    refilter();
  });
  document.getElementById("timeline-text")?.addEventListener("toggle", paintSoon);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  if (canvas.parentElement !== null) new ResizeObserver(measure).observe(canvas.parentElement);
  measure();
  return repaint;
}

function startZoomButtons(timeline: Timeline): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-zoom]"))
    button.addEventListener("click", () => {
      const { zoom } = button.dataset;
      if (zoom === "all") timeline.all();
      else timeline.zoom(zoom === "in" ? 0.5 : 2);
    });
}

/** Buttons with `data-show` lead from an anomaly to its operations, whatever is filtered. */
function startShowButtons(canvas: HTMLCanvasElement, timeline: Timeline, unfilter: () => void): void {
  const positions = new Map(Array.from(timeline.model.index, (index, at) => [index, at]));
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-show]")) {
    const wanted = (button.dataset.show ?? "")
      .split(" ")
      .flatMap((index) => positions.get(Number(index)) ?? []);
    if (wanted.length === 0) continue;
    button.hidden = false;
    button.disabled = false;
    button.addEventListener("click", () => {
      unfilter();
      timeline.select(wanted);
      canvas.focus({ preventScroll: true });
      const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      document.getElementById("timeline")?.scrollIntoView({ behavior: isCalm ? "auto" : "smooth" });
    });
  }
}

/** A bound: operations that are told of at once. */
const mostTold = 12;

function tell(model: Model, positions: readonly number[]): void {
  const place = document.getElementById("timeline-details");
  if (place === null) return;
  place.hidden = positions.length === 0;
  place.replaceChildren(
    ...positions.slice(0, mostTold).map((at, i) => {
      const [who, what] = sentencesOf(model, at);
      const paragraph = document.createElement("p");
      const code = document.createElement("code");
      code.textContent = what;
      paragraph.append(`${positions.length > 1 ? `T${i + 1} is ` : ""}${who} `, code);
      return paragraph;
    }),
  );
  if (positions.length === 0) say("Nothing is selected.");
}

function extentOf({ begin, end }: Model, positions: readonly number[]): View | undefined {
  if (positions.length === 0) return undefined;
  return {
    from: Math.min(...positions.map((at) => begin[at] ?? 0)),
    to: Math.max(...positions.map((at) => end[at] ?? 0)),
  };
}

/** Within the frame's padding. */
function roomFor({ parentElement }: HTMLElement): number {
  if (parentElement === null) return 320;
  const { paddingLeft, paddingRight } = getComputedStyle(parentElement);
  return parentElement.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

function densityOf({ count, begin }: Model, mask: Uint8Array, whole: View, width: number): Uint32Array {
  const density = new Uint32Array(width);
  for (let at = 0; at < count; at++) {
    if (mask[at] !== 1) continue;
    const pixel = Math.min(width - 1, Math.floor(((begin[at] ?? 0) / whole.to) * width));
    density[pixel] = (density[pixel] ?? 0) + 1;
  }
  return density;
}

function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(colourNames.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function reveal(id: string): void {
  const found = document.getElementById(id);
  if (found !== null) found.hidden = false;
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T | null {
  const found = document.getElementById(id);
  return found instanceof kind ? found : null;
}
