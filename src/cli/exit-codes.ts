/** What the process's exit code says. One table for code, `--help` and docs. */
export const exitCodes = {
  valid: 0,
  anomaly: 1,
  unknown: 2,
  environment: 3,
  interrupted: 130,
  usage: 254,
  internal: 255,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The table as `--help` prints it. */
export const exitCodeHelp = `Exit codes:
  0    valid, or as expected
  1    an anomaly that is forbidden, a broken invariant, a regression
  2    unknown: the run proves too little
  3    environment: no server, server lost, disk full, permission
  130  interrupted
  254  bad usage or malformed input
  255  internal error`;

const severity: readonly ExitCode[] = [255, 3, 254, 1, 2, 0];

/** The exit code of several answers: internal, environment, usage, anomaly, unknown, valid. None at all is bad usage. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  return severity.find((code) => codes.includes(code)) ?? exitCodes.usage;
}

/** The exit code that a verdict means. */
export function exitCodeOf(valid: boolean | "unknown"): ExitCode {
  if (valid === "unknown") return exitCodes.unknown;
  return valid ? exitCodes.valid : exitCodes.anomaly;
}
