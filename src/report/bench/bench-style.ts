import { pageStyle } from "../html/page-style.ts";

/** The style sheet of a comparison's page, also of the plots in it. Amber may also leave work undone. */
export const benchStyle = `${pageStyle}
.wide td:first-child { white-space: nowrap; }
.text { min-width: 9rem; }
p.faint { margin: .2rem 0; }
.clean, .fastest, .only, .equal { color: var(--good); }
.wrong { color: var(--bad); }
.loses, .none, .unknown { color: var(--doubt); }
svg .name { fill: currentColor; }
svg .spread { stroke: var(--ink); fill: none; }
`;
