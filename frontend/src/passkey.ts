/* Says on the page when a passkey did not answer; the sign-in library only tells the console. */

export function sayPasskeyProblem(): void {
  document.addEventListener("allauth.error", (event) => {
    const said = document.querySelectorAll<HTMLElement>("[data-passkey-problem]");
    if (said.length === 0) return;
    event.preventDefault();
    for (const one of said) {
      one.hidden = true;
      // Shown anew each time, so that it is read out each time.
      setTimeout(() => { one.hidden = false; }, 50);
    }
  });
}
