/**
 * The style sheet of a comparison's page, also of the plots in it. Green may be recommended, red is wrong, amber
 * proves too little or leaves work undone. What is wider than the screen scrolls by itself.
 */
export const benchStyle = `
:root { color-scheme: light dark; --ink: #0f172a; --paper: #fff; --faint: #64748b; --line: #cbd5e1; --link: #1d4ed8; --good: #15803d; --bad: #be123c; --doubt: #b45309; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e2e8f0; --paper: #0f172a; --faint: #94a3b8; --line: #334155; --link: #93c5fd; --good: #4ade80; --bad: #fb7185; --doubt: #fbbf24; }
}
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.25; }
a { color: var(--link); }
table { border-collapse: collapse; margin: .5rem 0 1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--faint); font-weight: normal; }
.wide { overflow-x: auto; }
.wide td:first-child, .number { white-space: nowrap; }
.number { text-align: right; }
.text { min-width: 9rem; }
.faint { color: var(--faint); margin: .2rem 0; }
.clean, .fastest, .only, .equal { color: var(--good); }
.wrong { color: var(--bad); }
.loses, .none, .unknown { color: var(--doubt); }
svg { display: block; font: 13px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .name { fill: currentColor; }
svg .faint { fill: var(--faint); font-size: 12px; }
svg .spread { stroke: var(--ink); fill: none; }
`;
