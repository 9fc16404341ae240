/* Copies a proof as plain text. The button stays hidden where the browser forbids it. */

export function copyProofs(part: ParentNode): void {
  for (const button of part.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy ?? "");
    if (!source || !navigator.clipboard || button.dataset.ready) continue;
    button.dataset.ready = "yes";
    button.hidden = false;
    button.addEventListener("click", () => {
      void navigator.clipboard.writeText(source.textContent ?? "").then(() => {
        const said = button.parentElement?.querySelector<HTMLElement>("[role=status]");
        if (said) said.textContent = button.dataset.said ?? "";
      });
    });
  }
}
