/* Takes the reader to the list of problems, so that a screen reader speaks it first. */

export function focusErrors(part: ParentNode): void {
  const summary = part.querySelector<HTMLElement>("[data-errors]");
  summary?.focus();
}
