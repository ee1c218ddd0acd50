import type { Colours } from "./colours.ts";
import type { Layout } from "./layout.ts";
import type { Model } from "./model.ts";
import type { View } from "./view.ts";

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

/** The x of a moment. */
export function xOf(
  { layout: { left, width }, view }: Pick<Scene, "layout" | "view">,
  moment: number,
): number {
  return left + ((moment - view.from) / (view.to - view.from)) * (width - left);
}

/** A colour of the page, by name. */
export function colour({ colours }: Scene, name: string): string {
  return colours[name] ?? "gray";
}
