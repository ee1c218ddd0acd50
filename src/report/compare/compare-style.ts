import { lightColours, pageStyle } from "../html/page-style.ts";

/**
 * The style sheet of a matrix's page. The more kinds of anomalies a cell has, the deeper its colour; a mark says the
 * same without colour. On a narrow screen each row is a card.
 */
export const compareStyle = `${pageStyle}
h1 { margin: 1rem 0 .2rem; font-size: 1.7rem; }
h2 { margin: 2rem 0 .6rem; font-size: 1.3rem; }
p.faint { margin: .4rem 0; max-width: 52rem; }
.lead { margin: 0 0 1rem; color: var(--faint); overflow-wrap: anywhere; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.doubt { color: var(--doubt); }
code { font: .87em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; background: var(--shade); border-radius: 6px; padding: .1rem .4rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: -2px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1.8rem; margin: 0 0 1rem; padding: 0; }
.mark { display: inline-block; width: 1.6rem; border-radius: 4px; text-align: center; }
.map { border-collapse: separate; border-spacing: 3px; margin-left: -3px; table-layout: fixed; width: 100%; min-width: 46rem; }
.map th, .map td { border: 0; }
.map thead th { padding: .2rem .6rem; white-space: nowrap; }
.map thead td { width: 12rem; }
.map tbody th { color: var(--ink); padding-right: 1rem; overflow-wrap: anywhere; }
.map tbody td { padding: 0; border-radius: 6px; overflow-wrap: anywhere; }
.map a { display: block; height: 100%; padding: .35rem .6rem; border-radius: 6px; color: var(--ink); text-decoration: none; }
.map a:hover { outline: 2px solid var(--link); outline-offset: -2px; }
.map small { display: block; }
.level { display: none; }
.clean { background: color-mix(in srgb, var(--good) 22%, var(--paper)); }
.allowed { background: color-mix(in srgb, var(--doubt) 18%, var(--paper)); }
.unknown { background: color-mix(in srgb, var(--faint) 22%, var(--paper)); }
.wrong-1 { background: color-mix(in srgb, var(--bad) 22%, var(--paper)); }
.wrong-2 { background: color-mix(in srgb, var(--bad) 36%, var(--paper)); }
.wrong-3 { background: color-mix(in srgb, var(--bad) 50%, var(--paper)); }
.cards td { min-width: 6rem; }
.cards td:first-child, .cards td:nth-child(2), .cards td:nth-child(3) { min-width: 0; white-space: nowrap; }
.cards td:last-child { white-space: normal; min-width: 10rem; }
@media (max-width: 40rem) {
  .wide { overflow: visible; }
  .legend { display: block; }
  .legend li { padding-left: 2.2rem; margin-bottom: .3rem; }
  .legend .mark { margin-left: -2.2rem; margin-right: .4rem; }
  .map, .map tbody, .cards, .cards tbody { display: block; width: 100%; min-width: 0; margin-left: 0; }
  thead { display: none; }
  .map tbody tr { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 4px; margin: 0 0 1rem; }
  .map tbody th { grid-column: 1 / -1; font-weight: 600; }
  .map tbody td:empty { display: none; }
  .level { display: inline; }
  .cards tr { display: block; border: 1px solid var(--line); border-radius: 8px; padding: .5rem .8rem; margin: 0 0 .7rem; }
  .cards tbody td, .cards tbody td:nth-child(n) { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0 .7rem; min-width: 0; padding: .1rem 0; border: 0; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  .cards td:empty { display: none; }
  .cards td::before { content: attr(data-label); color: var(--faint); grid-row: span 9; }
  .cards td > * { grid-column: 2; }
}
@media print {
  :root { color-scheme: light; ${lightColours} }
  .wide { overflow: visible; }
  .map td, .mark { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  tr { break-inside: avoid; }
}
`;
