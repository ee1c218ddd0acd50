import { lightColours, pageStyle } from "../html/page-style.ts";

const lightMarks =
  "--ok: #3b74d1; --fail: #8a97a8; --info: #d08700; --marked: #d01646; --fault: #f59e0b38; --fault-ink: #92400e; --blocked: #a855f72e; --on-bar: #fff; --bad-paper: #fff1f3; --good-paper: #f0fdf4; --doubt-paper: #fffbeb; --mark-paper: #fff1d6;";

/** The style sheet of a run's page. */
export const runStyle = `${pageStyle}
:root { ${lightMarks} }
@media (prefers-color-scheme: dark) {
  :root { --ok: #5b93ee; --fail: #6b7a90; --info: #f0ac2e; --marked: #ff5f7e; --fault: #f59e0b3d; --fault-ink: #fcd34d; --blocked: #a855f759; --on-bar: #0b1220; --bad-paper: #371523; --good-paper: #11291d; --doubt-paper: #33260d; --mark-paper: #4a3613; }
}
:root[data-print] { color-scheme: light; ${lightColours} ${lightMarks} }
html { scroll-padding-top: 3.2rem; }
body { margin-top: 0; }
.said { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0; }
.skip { position: absolute; left: -999px; }
.skip:focus { position: static; }
.small { font-size: .87rem; }
header { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 0 1.2rem; align-items: baseline; background: var(--paper); border-bottom: 1px solid var(--line); padding: .5rem 0; }
.brand { margin: 0; font-weight: 700; }
.brand .faint { font-weight: 400; }
nav { display: flex; flex-wrap: wrap; gap: 0 1rem; }
nav a { text-decoration: none; padding: .15rem 0; }
nav a:hover, nav a:focus { text-decoration: underline; }
section { margin: 1.5rem 0 2.5rem; }
h1 { margin: 1rem 0 .2rem; font-size: 1.7rem; }
h2 { margin: 0 0 .6rem; font-size: 1.3rem; }
h3 { margin: 0 0 .4rem; font-size: 1.08rem; }
.lead { margin: 0 0 1rem; color: var(--faint); }
.banner { border: 1px solid var(--line); border-left: 6px solid; border-radius: 8px; padding: .7rem 1rem; margin: 0 0 1.2rem; }
.banner p { margin: .15rem 0; }
.banner .word { font-size: 1.25rem; font-weight: 700; }
.banner.good { border-left-color: var(--good); background: var(--good-paper); }
.banner.bad { border-left-color: var(--bad); background: var(--bad-paper); }
.banner.doubt { border-left-color: var(--doubt); background: var(--doubt-paper); }
.good .word { color: var(--good); }
.bad .word { color: var(--bad); }
.doubt .word { color: var(--doubt); }
.columns { display: grid; grid-template-columns: 1fr; gap: 0 2.5rem; }
.facts { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: .3rem 0 1rem; }
.facts dt { color: var(--faint); }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.counts { width: 100%; }
.counts th[scope=row] { color: var(--ink); }
.counts tfoot th, .counts tfoot td { font-weight: 600; border-bottom: 0; }
code, pre { font: .87em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--shade); border-radius: 8px; padding: .8rem; margin: .5rem 0; max-height: 32rem; overflow: auto; }
.command { display: flex; flex-wrap: wrap; gap: .3rem .7rem; align-items: baseline; margin: .35rem 0; }
.command code { background: var(--shade); border-radius: 6px; padding: .2rem .5rem; }
button, select, input[type=search] { font: inherit; font-size: .87rem; color: var(--ink); background: var(--box); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .65rem; min-height: 1.9rem; }
button { cursor: pointer; }
button:hover { border-color: var(--link); }
button[hidden] { display: none; }
button.done::after { content: " ✓"; color: var(--good); }
button.link { border: 0; background: none; padding: 0; min-height: 0; color: var(--link); text-decoration: underline; font-weight: 600; }
button.link:disabled { color: var(--ink); text-decoration: none; cursor: default; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
summary { cursor: pointer; color: var(--link); padding: .2rem 0; }
mark { background: var(--mark-paper); color: inherit; border-radius: 3px; padding: 0 .2em; }
.tag { font-size: .78rem; font-weight: 600; border: 1px solid; border-radius: 999px; padding: .05rem .6rem; vertical-align: .1em; white-space: nowrap; }
.tag.bad { color: var(--bad); }
.tag.doubt { color: var(--doubt); }
.anomaly { border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; margin: 0 0 1.1rem; }
.anomaly > p { margin: .2rem 0 .6rem; }
.witness { margin: .8rem 0; display: grid; grid-template-columns: minmax(0, 1fr); gap: .4rem 1.5rem; align-items: start; }
.witness figcaption > p { margin: .2rem 0; }
.witness ol { margin: .3rem 0; padding-left: 1.4rem; }
.witness ol li { margin: .3rem 0; }
.witness ul { list-style: none; margin: .3rem 0; padding: 0; }
.witness ul li { margin: .5rem 0; }
.decides { font-weight: 600; }
.edge { font-weight: 600; font-size: .85rem; white-space: nowrap; }
.edge.ww { color: #b45309; }
.edge.wr { color: #1d4ed8; }
.edge.rw { color: #be123c; }
.edge.order { color: var(--faint); }
.picture svg { max-width: max(100%, 34rem); height: auto; }
.picture [fill="#ffffff"] { fill: var(--box); }
.picture svg > g > polygon:first-child { fill: none; }
.picture [fill="#fff1d6"] { fill: var(--mark-paper); }
.picture [stroke="#cbd5e1"] { stroke: var(--line); }
.picture text[fill="#64748b"] { fill: var(--faint); }
.picture text[fill="#b45309"] { fill: #b45309; }
.picture text[fill="#1d4ed8"] { fill: #1d4ed8; }
.picture text[fill="#be123c"] { fill: #be123c; }
.steps { border-collapse: separate; border-spacing: 0; width: 100%; }
.steps th, .steps td { border-bottom: 1px solid var(--line); padding: .4rem .6rem; min-width: 15rem; }
.steps th.number, .steps th:first-child { min-width: 0; width: 2rem; }
.steps thead th { color: var(--ink); font-weight: 600; }
.steps td:not(.idle) { background: var(--shade); }
.steps code { display: block; white-space: pre-wrap; }
.answer { display: block; white-space: pre-wrap; color: var(--faint); font: .82rem/1.45 ui-monospace, Menlo, Consolas, monospace; margin-top: .15rem; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; margin: .4rem 0 .7rem; }
.filters[hidden] { display: none; }
.filters fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: .8rem; }
.filters label { white-space: nowrap; }
.buttons { display: inline-flex; gap: .3rem; }
.buttons button { min-width: 2.1rem; }
.swatch { display: inline-block; width: .95em; height: .8em; border-radius: 2px; vertical-align: -.05em; margin-right: .25em; }
.legend .swatch:not(:first-child) { margin-left: .8em; }
.swatch.ok { background: var(--ok); }
.swatch.fail { background: var(--fail); height: .4em; vertical-align: .15em; }
.swatch.info { background: var(--info); border-right: 2px solid var(--ink); }
.swatch.marked { background: var(--marked); }
.swatch.fault { background: var(--fault); border: 1px solid var(--fault-ink); }
.swatch.blocked { background: var(--blocked); border: 1px solid var(--line); }
#timeline-frame { overflow: hidden; border: 1px solid var(--line); border-radius: 8px; padding: .4rem; }
#timeline-canvas { display: block; touch-action: pan-y; cursor: grab; border-radius: 4px; }
#timeline-canvas:active { cursor: grabbing; }
#timeline-rows td:not(:last-child) { white-space: nowrap; }
.details { background: var(--shade); border-radius: 8px; padding: .5rem .9rem; margin: .6rem 0; }
.details p { margin: .25rem 0; }
.note { border-left: 4px solid var(--doubt); padding-left: .7rem; }
.plots { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.2rem 2rem; }
.plot { margin: 0; min-width: 0; }
.plot > svg { width: 100%; max-width: 36rem; height: auto; }
.grid { stroke: var(--line); stroke-width: 1; opacity: .6; }
.band { fill: var(--fault); }
.curve { fill: none; stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.curve.ok, .curve.p50, .curve.waiting { stroke: var(--ok); }
.curve.fail { stroke: var(--fail); stroke-dasharray: 5 3; }
.curve.info { stroke: var(--info); stroke-dasharray: 2 3; }
.curve.p95 { stroke: var(--info); stroke-dasharray: 5 3; }
.curve.p99 { stroke: var(--marked); stroke-dasharray: 2 3; }
.bars { width: 100%; }
.bars { table-layout: fixed; }
.bars th { color: var(--ink); width: 40%; overflow-wrap: anywhere; }
.bars .number { width: 5rem; }
.bars .bar { padding-right: 0; }
.bars svg { height: 1.1rem; width: 100%; }
.bars rect { fill: var(--ok); }
@media (prefers-color-scheme: dark) {
  :root:not([data-print]) .picture [stroke="#b45309"] { stroke: #fbbf24; }
  :root:not([data-print]) .picture [fill="#b45309"], :root:not([data-print]) .edge.ww { fill: #fbbf24; color: #fbbf24; }
  :root:not([data-print]) .picture [stroke="#1d4ed8"] { stroke: #93c5fd; }
  :root:not([data-print]) .picture [fill="#1d4ed8"], :root:not([data-print]) .edge.wr { fill: #93c5fd; color: #93c5fd; }
  :root:not([data-print]) .picture [stroke="#be123c"] { stroke: #fb7185; }
  :root:not([data-print]) .picture [fill="#be123c"], :root:not([data-print]) .edge.rw { fill: #fb7185; color: #fb7185; }
  :root:not([data-print]) .picture [stroke="#475569"] { stroke: #94a3b8; }
  :root:not([data-print]) .picture [fill="#475569"] { fill: #94a3b8; }
}
@media (min-width: 60rem) {
  .columns { grid-template-columns: 3fr 2fr; }
  .witness:has(svg) { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
  .plots { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (max-width: 40rem) {
  html { scroll-padding-top: .5rem; }
  header { position: static; }
  body { padding: 0 .75rem; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .5rem; }
  .anomaly { padding: .8rem .7rem; }
  .plot > svg text, .plot > svg .faint { font-size: 15px; }
  .steps, .steps tbody, .steps tr, .steps td { display: block; }
  .steps thead, .steps th[scope=row], .steps td.idle { display: none; }
  .steps td { min-width: 0; border-bottom: 0; border-left: 4px solid var(--line); margin: .35rem 0; }
  .steps td::before { content: "session " attr(data-session); display: block; font-size: .8rem; font-weight: 600; color: var(--faint); }
}
@media print {
  header { position: static; }
  nav, button:not(.link), .filters, #timeline-help, #timeline-text, .skip { display: none !important; }
  body { max-width: none; }
  button.link { color: inherit; text-decoration: none; }
  .plot, .witness { break-inside: avoid; }
  .picture svg { max-width: 100%; }
  pre { max-height: none; white-space: pre-wrap; }
}
`;
