/* Offers names beside a line marked data-suggest while somebody types: a combobox of one line and one list. What stands in the line
   counts; an offer is only typed faster. Nothing is asked under two letters, one question is on its way at a time, and a line that is
   not answered goes on being a line. A long list of words (select) gets a line above it that finds a word and chooses it there. */

interface Row { value: string; label: string; note: string }
interface Answer { rows: Row[]; said: string }

const LEAST = 2;
const WAIT = 180;
const LONG = 20;
let made = 0;

function sayTo(control: HTMLElement): void {
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}

/* A line before a long select: choosing sets the select, and the line is no answer of its own. */
function finderFor(select: HTMLSelectElement): HTMLInputElement | null {
  if (select.options.length <= LONG) return null;
  const line = document.createElement("input");
  line.type = "text";
  line.autocomplete = "off";
  line.setAttribute("aria-label", `${select.dataset.suggestWords ?? ""} ${select.labels[0]?.firstChild?.textContent?.trim() ?? ""}`.trim());
  line.placeholder = select.dataset.suggestWords ?? "";
  line.dataset.suggest = select.dataset.suggest;
  line.className = "finder";
  select.before(line);
  return line;
}

class Offers {
  private readonly list = document.createElement("ul");
  private readonly said = document.createElement("span");
  private rows: Row[] = [];
  private at = -1;
  private timer = 0;
  private leaving = 0;
  private busy = false;
  private asked = "";
  private chosen = "";

  constructor(private readonly line: HTMLInputElement, private readonly take: (row: Row) => boolean) {
    this.list.id = `offers-${++made}`;
    this.list.className = "offers";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", line.labels?.[0]?.firstChild?.textContent?.trim() || line.getAttribute("aria-label") || line.name);
    this.said.className = "vh";
    this.said.setAttribute("role", "status");
    line.autocomplete = "off";
    const marks = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, autocapitalize: "none", spellcheck: "false" };
    for (const [name, value] of Object.entries(marks)) line.setAttribute(name, value);
    line.after(this.list, this.said);
    line.addEventListener("input", () => this.typed());
    line.addEventListener("keydown", (event) => this.key(event));
    // Not at once: what is touched below the list must not move away between finger down and finger up.
    line.addEventListener("blur", () => { this.leaving = window.setTimeout(() => this.close(), 250); });
    line.addEventListener("focus", () => clearTimeout(this.leaving));
    // The line keeps the focus, so that no keyboard folds away under the finger.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const item = event.target instanceof Element ? event.target.closest("li") : null;
      const row = this.rows[item ? [...this.list.children].indexOf(item) : -1];
      if (row) this.choose(row);
    });
  }

  private typed(): void {
    if (this.line.value === this.chosen) return;
    clearTimeout(this.timer);
    if (this.line.value.trim().length < LEAST) { this.asked = ""; this.close(); return; }
    this.timer = window.setTimeout(() => void this.ask(), WAIT);
  }

  private async ask(): Promise<void> {
    const words = this.line.value.trim();
    if (this.busy || words === this.asked || words.length < LEAST) return;
    this.busy = true;
    this.asked = words;
    try {
      const address = new URL(this.line.dataset.suggest ?? "", location.href);
      address.searchParams.set("q", words);
      const answer = await fetch(address, { headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(8000) });
      if (answer.ok) this.show(await answer.json() as Answer);
    } catch {
      this.asked = ""; // no link: the line is a line, and the next letter asks again
      this.close();
    }
    this.busy = false;
    if (this.asked && this.line.value.trim() !== this.asked) void this.ask();
  }

  private show(answer: Answer): void {
    if (document.activeElement !== this.line || this.line.value === this.chosen) return;
    this.rows = answer.rows;
    this.at = -1;
    this.list.replaceChildren(...answer.rows.map((row, place) => {
      const item = document.createElement("li");
      item.id = `${this.list.id}-${place}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = row.label;
      if (row.note) {
        const note = document.createElement("small");
        note.textContent = row.note;
        item.append(" ", note);
      }
      return item;
    }));
    this.list.hidden = answer.rows.length === 0;
    this.line.setAttribute("aria-expanded", String(!this.list.hidden));
    this.line.removeAttribute("aria-activedescendant");
    this.said.textContent = answer.said;
  }

  private close(): void {
    this.list.hidden = true;
    this.at = -1;
    this.line.setAttribute("aria-expanded", "false");
    this.line.removeAttribute("aria-activedescendant");
    this.said.textContent = "";
  }

  private move(step: number): void {
    const items = [...this.list.children];
    items[this.at]?.setAttribute("aria-selected", "false");
    // Beyond the ends lies the line itself, where what was typed stands.
    this.at = this.at + step < -1 ? items.length - 1 : this.at + step >= items.length ? -1 : this.at + step;
    const item = items[this.at];
    if (!item) { this.line.removeAttribute("aria-activedescendant"); return; }
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    this.line.setAttribute("aria-activedescendant", item.id);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      if (open) this.move(event.key === "ArrowDown" ? 1 : -1);
      else { this.asked = ""; this.chosen = ""; void this.ask(); }
      event.preventDefault();
    } else if (event.key === "Escape" && open) {
      this.close();
      event.preventDefault();
    } else if (event.key === "Enter" && open && this.rows[this.at]) {
      this.choose(this.rows[this.at] as Row);
      event.preventDefault();
    }
  }

  private choose(row: Row): void {
    clearTimeout(this.timer);
    if (this.take(row)) {
      this.line.value = this.chosen = this.asked = row.value;
      sayTo(this.line);
    }
    this.close();
  }
}

export function offerNames(part: ParentNode): void {
  for (const one of part.querySelectorAll<HTMLElement>("[data-suggest]")) {
    if (one.dataset.offered) continue;
    one.dataset.offered = "yes";
    if (one instanceof HTMLInputElement) new Offers(one, () => true);
    else if (one instanceof HTMLSelectElement) {
      const line = finderFor(one);
      if (!line) continue;
      line.dataset.offered = "yes";
      new Offers(line, (row) => {
        if (![...one.options].some((option) => option.value === row.value)) one.add(new Option(row.label, row.value));
        one.value = row.value;
        line.value = "";
        one.focus();
        sayTo(one);
        return false;
      });
    }
  }
}
