import { benchStyle } from "../bench/bench-style.ts";

/**
 * The style sheet of a matrix's page: that of the other pages, and what the map needs. The more kinds of anomalies
 * a cell has, the deeper its colour; a mark says the same without colour.
 */
export const compareStyle = `${benchStyle}
.map td { padding: 0; border: 2px solid var(--paper); min-width: 8.5rem; }
.map th { text-align: left; padding-right: 1rem; white-space: nowrap; }
.map a { display: block; padding: .35rem .6rem; color: var(--ink); text-decoration: none; }
.map a:hover, .map a:focus { outline: 2px solid var(--link); }
.map .clean { background: color-mix(in srgb, var(--good) 22%, var(--paper)); }
.map .allowed { background: color-mix(in srgb, var(--doubt) 18%, var(--paper)); }
.map .unknown { background: color-mix(in srgb, var(--faint) 22%, var(--paper)); }
.map .wrong-1 { background: color-mix(in srgb, var(--bad) 22%, var(--paper)); }
.map .wrong-2 { background: color-mix(in srgb, var(--bad) 36%, var(--paper)); }
.map .wrong-3 { background: color-mix(in srgb, var(--bad) 50%, var(--paper)); }
.map small { display: block; color: var(--ink); }
.safe { color: var(--good); }
.unsafe { color: var(--bad); }
`;
