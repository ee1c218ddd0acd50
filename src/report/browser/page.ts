import { startCopyButtons } from "./copy.ts";
import { startPrinting } from "./print.ts";
import { startTimeline } from "./timeline.ts";

startCopyButtons();
startPrinting(startTimeline());
