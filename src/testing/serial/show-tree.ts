import type { Lens } from "./lens.ts";
import type { Tree } from "./tree.ts";

const longest = 100;

/** A tree as people write values, cut after a hundred characters. */
export function showTree(tree: Tree): string {
  const text = whole(tree);
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function whole(tree: Tree): string {
  switch (tree.type) {
    case "leaf":
      return tree.shown;
    case "fields":
      return `{${[...tree.fields].map(([name, field]) => `${name}: ${whole(field)}`).join(", ")}}`;
    case "items":
      return `[${tree.items.map(whole).join(", ")}]`;
  }
}

/** Whether a value would be the same in another run: no generated key, no time near to now, nothing drawn at random. */
export function standsForItself(tree: Tree, lens: Lens): boolean {
  if (tree.type !== "leaf") return false;
  switch (tree.kind) {
    case "plain":
    case "number":
      return true;
    case "time":
      return !tree.isNear;
    case "uuid":
      return lens.isConstant(tree.text);
    case "key":
      return lens.isLasting(tree.of, tree.text);
    case "incomparable":
      return false;
  }
}
