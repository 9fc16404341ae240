/* Asks before a changed form marked data-leave is left. A form that was sent may always be left. */

export function guardLeaving(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-leave]")) {
    if (form.dataset.guarded) continue;
    form.dataset.guarded = "yes";
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    // Another language was chosen: the words are kept and stand in the form again.
    form.addEventListener("goeson", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => {
      if (changed && form.isConnected) event.preventDefault();
    });
  }
}
