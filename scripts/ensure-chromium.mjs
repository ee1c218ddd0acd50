// Makes sure that a Chromium is on this machine: the tests of the HTML report drive one. As root on a machine with
// apt-get it installs one; elsewhere it says what to install and exits with 3.
import { aptGet, canInstall, fail, program } from "./apt-get.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const isThere = () => names.some((name) => program(name) !== undefined);

if (!isThere()) {
  if (!canInstall())
    fail(
      "The tests of the HTML report need Chromium or Chrome and none was found: install one, e.g. with `sudo apt-get install chromium`.",
    );
  console.error("No Chromium found: installing the package chromium with apt-get.");
  const instead = "install Chromium by hand";
  aptGet(["update"], instead);
  aptGet(["install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"], instead);
  if (!isThere()) fail("apt-get installed chromium, but the program is still missing.");
}
