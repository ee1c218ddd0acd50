import { say } from "./say.ts";

/** Lets every button with `data-copy` copy the text of the element of that id. */
export function startCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset.copy ?? "");
      void copy(source?.textContent ?? "").then((done) => {
        say(done ? "Copied." : "This browser does not let the page copy: select the text instead.");
        button.classList.toggle("done", done);
      });
    });
    button.addEventListener("blur", () => {
      button.classList.remove("done");
    });
  }
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A page from disk may not have the clipboard's interface.
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "said";
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way where there is no clipboard
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
