import { styleText } from "node:util";

/** Colours for one stream: none when it is no terminal or the user said `NO_COLOR`. */
export interface Style {
  good(text: string): string;
  bad(text: string): string;
  unsure(text: string): string;
  strong(text: string): string;
  faint(text: string): string;
}

/** The style for a stream, as `util.styleText` decides it from the stream and the environment. */
export function styleFor(stream: NodeJS.WriteStream): Style {
  const paint =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      styleText(format, text, { stream });
  return {
    good: paint("green"),
    bad: paint("red"),
    unsure: paint("yellow"),
    strong: paint("bold"),
    faint: paint("dim"),
  };
}

/** No colours at all: for files and tests. */
export const plain: Style = {
  good: (text) => text,
  bad: (text) => text,
  unsure: (text) => text,
  strong: (text) => text,
  faint: (text) => text,
};
