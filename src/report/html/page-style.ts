/** The basic colours of a light page; paper is light whatever the screen was. */
export const lightColours =
  "--ink: #0f172a; --paper: #fff; --box: #fff; --shade: #f1f5f9; --faint: #5b6779; --line: #cbd5e1; --link: #1d4ed8; --good: #15803d; --bad: #be123c; --doubt: #b45309;";

/**
 * What all pages share: colours, type, tables. Green is right, red is wrong, amber proves too little. What is wider
 * than the screen scrolls by itself.
 */
export const pageStyle = `
:root { color-scheme: light dark; ${lightColours} }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e2e8f0; --paper: #0f172a; --box: #1b2740; --shade: #18233a; --faint: #94a3b8; --line: #3b4a61; --link: #93c5fd; --good: #4ade80; --bad: #fb7185; --doubt: #fbbf24; }
}
* { box-sizing: border-box; }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 80rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; }
a { color: var(--link); }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--faint); font-weight: normal; }
.wide { overflow-x: auto; }
.number { text-align: right; white-space: nowrap; }
.faint { color: var(--faint); }
svg { display: block; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .faint { fill: var(--faint); font-size: 12px; }
`;
