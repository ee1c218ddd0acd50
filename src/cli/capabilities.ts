import type { TargetRequest } from "../campaign/target.ts";
import type { Need } from "../nemesis/nemesis.ts";

/** Which needs of faults can be met on a server. */
export function capabilities(request: TargetRequest, allowDisruptive: boolean): (need: Need) => boolean {
  const own = "db" in request;
  return (need) => {
    switch (need) {
      case "own-server":
        return own;
      case "small-disk":
        return own && process.platform === "linux" && process.getuid?.() === 0;
      case "disruptive":
        return own || allowDisruptive;
      case "proxy":
      case "answer-timeout":
        return true;
    }
  };
}
