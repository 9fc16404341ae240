/* On a phone, a form marked data-steps asks one question, or one group that belongs together, at a time: Continue, Back, how far one is,
   and at the end the answers to be checked. The same form stands whole on a desk, on paper and without this script: which questions are
   away is said by a class that the style sheet heeds on narrow screens alone. Nothing is decided here; the server reads the form. */

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const NARROW = matchMedia("screen and (max-width: 39.99em)");

function find<E extends HTMLElement>(part: ParentNode, mark: string): E | null {
  return part.querySelector<E>(`[data-${mark}]`);
}

function controls(part: ParentNode): Control[] {
  return [...part.querySelectorAll<Control>("input[name],select[name],textarea[name]")].filter((one) => one.type !== "hidden");
}

function isBox(one: Control): one is HTMLInputElement {
  return one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio");
}

/* The answer as it is read back: words of a choice, not its code. */
function answerOf(field: HTMLElement): string {
  return controls(field).flatMap((one) => {
    if (isBox(one)) return one.checked ? [one.labels?.[0]?.textContent?.trim() ?? one.value] : [];
    if (one instanceof HTMLSelectElement) return [...one.selectedOptions].filter((option) => option.value !== "").map((option) => option.text);
    return one.value.trim() ? [one.value.trim()] : [];
  }).join(", ");
}

function questionOf(field: HTMLElement): string {
  const label = field.querySelector("legend, label");
  return (label?.querySelector("span:not(.hint,.opt)") ?? label?.firstChild)?.textContent?.trim() ?? "";
}

function lacks(field: HTMLElement): Control | undefined {
  return controls(field).find((one) => one.required) && !answerOf(field) ? controls(field)[0] : undefined;
}

class Steps {
  private readonly steps: HTMLElement[][] = [];
  private readonly head: HTMLElement;
  private readonly foot: HTMLElement;
  private readonly answers: HTMLElement;
  private readonly rest: HTMLElement[] = [];
  private readonly passed = new Set<number>();
  private at = 0;
  private back = false; // whether one came from the answers, to change one of them

  constructor(form: HTMLFormElement) {
    this.head = find(form, "stepper-head") as HTMLElement;
    this.foot = find(form, "stepper-foot") as HTMLElement;
    this.answers = find(form, "stepper-answers") as HTMLElement;
    let last = "";
    for (const field of form.querySelectorAll<HTMLElement>(":scope > .field")) {
      // A question that only now turned up belongs to the one before it.
      const step = field.dataset.step ?? last;
      const known = this.steps.find((one) => (one[0]?.dataset.step ?? "") === step);
      if (known) known.push(field); else this.steps.push([field]);
      last = step;
    }
    this.steps.sort((one, other) => Number(one[0]?.dataset.step) - Number(other[0]?.dataset.step));
    for (const one of form.querySelectorAll<HTMLElement>(":scope > .acts, :scope > .acts + p, :scope > [data-whole]")) if (one !== this.foot) this.rest.push(one);
    for (const part of [this.head, this.foot, this.answers]) part.hidden = false;
    form.classList.add("stepped");
    find(form, "step-next")?.addEventListener("click", () => this.next());
    find(form, "step-back")?.addEventListener("click", () => {
      // Where this page begins, the browser's own way back leaves it.
      if (typeof history.state?.depth === "number" && history.state.depth > 0) history.back();
      else { history.replaceState({ ...history.state, step: this.at - 1 }, ""); this.show(this.at - 1, true); }
    });
    find(form, "step-check")?.addEventListener("click", () => this.go(this.steps.length));
    form.addEventListener("input", () => this.offer());
    form.addEventListener("keydown", (event) => this.key(event));
    form.addEventListener("submit", (event) => {
      if (!NARROW.matches || this.at === this.steps.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      this.next();
    }, { capture: true });
    addEventListener("popstate", () => { if (form.isConnected && NARROW.matches) { this.back = false; this.show(this.held(), true); } });
    document.addEventListener("click", (event) => this.follow(event));
    const wrong = this.steps.findIndex((step) => step.some((field) => field.classList.contains("error")));
    if (wrong >= 0) this.steps.forEach((_step, place) => this.passed.add(place));
    // A form that comes back empty begins where the first answer is missing, wherever one was.
    const open = this.steps.findIndex((step) => step.some(lacks));
    const first = wrong >= 0 ? wrong : open >= 0 ? Math.min(open, this.held()) : this.held();
    if (first !== this.held()) history.replaceState({ ...history.state, step: first }, "");
    this.show(first, false);
  }

  private held(): number {
    const step: unknown = history.state?.step;
    return typeof step === "number" && step >= 0 && step <= this.steps.length ? step : 0;
  }

  private go(step: number): void {
    if (step === this.at) return;
    this.push(step);
    this.show(step, true);
  }

  private push(step: number): void {
    const depth: unknown = history.state?.depth;
    history.pushState({ step, depth: (typeof depth === "number" ? depth : 0) + 1 }, "");
  }

  private next(): void {
    const missing = this.steps[this.at]?.find(lacks);
    for (const field of this.steps[this.at] ?? []) this.remark(field, field === missing);
    if (missing) { lacks(missing)?.focus(); return; }
    this.passed.add(this.at);
    this.go(this.back ? this.steps.length : this.at + 1);
  }

  /* Says beside an empty question that it waits, in the words the server would use. */
  private remark(field: HTMLElement, missing: boolean): void {
    let why = find(field, "step-why");
    if (!missing) {
      if (why) field.classList.remove("error");
      why?.remove();
      return;
    }
    field.classList.add("error");
    if (!why) {
      why = document.createElement("span");
      why.className = "why";
      why.dataset.stepWhy = "";
      why.setAttribute("role", "alert");
      const first = controls(field)[0];
      (isBox(first as Control) ? (first as Control).closest("label") ?? first : first)?.before(why);
    }
    why.textContent = this.head.dataset.needed ?? "";
    field.addEventListener("input", () => this.remark(field, false), { once: true });
  }

  private show(step: number, focus: boolean): void {
    this.at = step;
    const end = step === this.steps.length;
    if (end) { this.back = false; this.steps.forEach((_one, place) => this.passed.add(place)); }
    this.steps.forEach((fields, place) => fields.forEach((field) => field.classList.toggle("away", place !== step)));
    for (const one of this.rest) one.classList.toggle("away", !end);
    this.answers.classList.toggle("away", !end);
    const title = find(this.head, "step-title") as HTMLElement;
    const first = this.steps[step]?.[0];
    title.textContent = first ? (this.head.dataset[`title${first.dataset.step ?? ""}`] ?? questionOf(first)) : this.head.dataset.check ?? "";
    (find(this.head, "step-count") as HTMLElement).textContent = (this.head.dataset.count ?? "").replace("{here}", String(step + 1)).replace("{all}", String(this.steps.length + 1));
    if (end) this.readBack();
    this.offer();
    if (focus && NARROW.matches) { title.focus({ preventScroll: true }); this.head.scrollIntoView({ block: "start", behavior: "instant" }); }
  }

  /* What can be pressed here: a question that may stay empty is skipped with one touch, and the rest with another. */
  private offer(): void {
    const fields = this.steps[this.at] ?? [];
    const end = this.at === this.steps.length;
    const next = find(this.foot, "step-next");
    const typed = fields.flatMap(controls).filter((one) => !isBox(one) && !(one instanceof HTMLSelectElement));
    const empty = typed.length > 0 && typed.every((one) => !one.required && !one.value) && !fields.some((field) => "stepAsked" in field.dataset);
    if (next) { next.textContent = (empty ? next.dataset.skip : next.dataset.words) ?? ""; next.hidden = end; }
    const waits = this.steps.some((step, place) => step.some((field) => lacks(field) || ("stepAsked" in field.dataset && !this.passed.has(place) && !(place === this.at && answerOf(field)))));
    const check = find(this.foot, "step-check");
    if (check) check.hidden = end || waits || this.at === this.steps.length - 1;
    const back = find(this.foot, "step-back");
    if (back) back.hidden = this.at === 0;
  }

  private readBack(): void {
    const [given, left] = this.answers.querySelectorAll("dl");
    const rows: [HTMLElement[], HTMLElement[]] = [[], []];
    this.steps.forEach((fields, place) => fields.forEach((field) => {
      const said = answerOf(field);
      const [term, answer, change] = [document.createElement("dt"), document.createElement("dd"), document.createElement("button")];
      term.textContent = questionOf(field);
      change.type = "button";
      change.className = "change";
      change.textContent = this.answers.dataset.change ?? "";
      change.setAttribute("aria-label", `${change.textContent}: ${term.textContent}`);
      change.addEventListener("click", () => { this.back = true; this.go(place); controls(field)[0]?.focus(); });
      answer.append(said, " ", change);
      rows[said ? 0 : 1].push(term, answer);
    }));
    given?.replaceChildren(...rows[0]);
    left?.replaceChildren(...rows[1]);
    const open = find(this.answers, "step-left");
    if (open) open.textContent = String(rows[1].length / 2);
    const fold = this.answers.querySelector("details");
    if (fold) fold.hidden = rows[1].length === 0;
  }

  private key(event: KeyboardEvent): void {
    const on = event.target;
    if (event.key !== "Enter" || event.defaultPrevented || event.isComposing || !NARROW.matches || this.at === this.steps.length) return;
    if (!(on instanceof HTMLInputElement) || on.type === "file") return;
    event.preventDefault();
    this.next();
  }

  /* A line of the summary of problems leads to its question, wherever that stands. */
  private follow(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
    const aim = link ? document.getElementById(decodeURIComponent(link.hash.slice(1))) : null;
    const step = aim ? this.steps.findIndex((fields) => fields.some((field) => field === aim || field.contains(aim))) : -1;
    if (step < 0 || !NARROW.matches) return;
    event.preventDefault();
    if (step !== this.at) { this.push(step); this.show(step, false); }
    aim?.focus();
    aim?.scrollIntoView({ block: "center" });
  }
}

export function askStepwise(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-steps]")) {
    if (form.dataset.stepped) continue;
    form.dataset.stepped = "yes";
    if (find(form, "stepper-head") && form.querySelector(":scope > .field")) new Steps(form);
  }
}
