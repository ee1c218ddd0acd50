/** What stands for a lone dash while the arguments are parsed: the parser would drop it. */
const mark = "\u0000stdin";

/** A lone dash as something the parser keeps. */
export function protectDash(arg: string): string {
  return arg === "-" ? mark : arg;
}

/** The file that the user named, with the dash that means standard input. */
export function fileNamed(arg: string): string {
  return arg === mark ? "-" : arg;
}
