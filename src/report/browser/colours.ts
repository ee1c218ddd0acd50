/** Colours by the names of the page's variables, without `--`. */
export type Colours = Readonly<Record<string, string>>;

const names = "ink faint line shade link ok fail info marked fault fault-ink blocked on-bar".split(" ");

/** The colours that the page's style has at this moment: light, dark or for paper. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
