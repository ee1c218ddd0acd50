/** Unfolds what is folded for a printer, in light colours, and folds it again. */
export function startPrinting(repaint: () => void): void {
  let unfolded: readonly HTMLDetailsElement[] = [];
  addEventListener("beforeprint", () => {
    document.documentElement.dataset.print = "";
    unfolded = [...document.querySelectorAll<HTMLDetailsElement>(".anomaly details:not([open])")];
    for (const part of unfolded) part.open = true;
    repaint();
  });
  addEventListener("afterprint", () => {
    delete document.documentElement.dataset.print;
    for (const part of unfolded) part.open = false;
    repaint();
  });
}
