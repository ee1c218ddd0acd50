import { coloursNow } from "./colours.ts";
import { layoutFor } from "./layout.ts";
import { densityOf, extentOf, type Model } from "./model.ts";
import { paint } from "./paint.ts";
import type { Scene } from "./scene.ts";
import { tell } from "./tell.ts";
import { fillTable } from "./text-table.ts";
import { around, moved, showing, type View, zoomed } from "./view.ts";

/** What changes while somebody looks. */
type State = { -readonly [name in Exclude<keyof Scene, "model" | "whole">]: Scene[name] };

/** The canvas of a timeline, and what is to be seen on it: painted once per frame, however often it changes. */
export class Stage {
  readonly model: Model;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #whole: View;
  /** The narrowest view, in units of the timeline. */
  readonly #least: number;
  readonly #state: State;
  #isWaiting = false;

  constructor(model: Model, canvas: HTMLCanvasElement, context: CanvasRenderingContext2D) {
    this.model = model;
    this.#canvas = canvas;
    this.#context = context;
    this.#whole = { from: 0, to: Math.max(1, model.data.to) };
    this.#least = model.data.unit === "step" ? 4 : 20;
    this.#state = {
      view: this.#whole,
      mask: new Uint8Array(model.count).fill(1),
      selected: new Set(),
      layout: layoutFor(320, model.data.lanes.length),
      density: new Uint32Array(0),
      colours: coloursNow(),
    };
  }

  scene(): Scene {
    return { ...this.#state, model: this.model, whole: this.#whole };
  }

  look(view: View): void {
    this.#state.view = view;
    this.paintSoon();
  }

  /** @param moment keeps its place; the middle unless given */
  zoom(factor: number, moment = (this.#state.view.from + this.#state.view.to) / 2): void {
    this.look(zoomed(this.#state.view, factor, moment, this.#whole, this.#least));
  }

  move(by: number): void {
    this.look(moved(this.#state.view, by, this.#whole));
  }

  all(): void {
    this.look(this.#whole);
  }

  /** Lets through what a mask has; as `passing` answers it. */
  filter(mask: Uint8Array): void {
    this.#state.mask = mask;
    this.fit();
  }

  /** Shows operations and tells of them; none lets go. */
  select(positions: readonly number[]): void {
    const { view } = this.#state;
    this.#state.selected = new Set(positions);
    tell(this.model, positions);
    const part = extentOf(this.model, positions);
    if (part === undefined) this.paintSoon();
    else if (positions.length > 1) this.look(around(part, this.#whole, this.#least));
    else this.look(showing(view, part, this.#whole));
  }

  /** Takes the room that there is. */
  fit(): void {
    const layout = layoutFor(Math.max(240, Math.floor(roomFor(this.#canvas))), this.model.data.lanes.length);
    const scale = devicePixelRatio;
    this.#canvas.width = Math.floor(layout.width * scale);
    this.#canvas.height = Math.floor(layout.height * scale);
    this.#canvas.style.width = `${layout.width}px`;
    this.#canvas.style.height = `${layout.height}px`;
    this.#context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#state.layout = layout;
    this.#state.density = densityOf(this.model, this.#state.mask, Math.max(1, layout.width - layout.left));
    this.paintSoon();
  }

  /** At once, in the colours of now. */
  repaint(): void {
    this.#state.colours = coloursNow();
    paint(this.#context, this.scene());
  }

  paintSoon(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      paint(this.#context, this.scene());
      fillTable(this.model, this.#state.view, this.#state.mask);
    });
  }
}

/** Within the frame's padding. */
function roomFor({ parentElement }: HTMLElement): number {
  if (parentElement === null) return 320;
  const { paddingLeft, paddingRight } = getComputedStyle(parentElement);
  return parentElement.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}
