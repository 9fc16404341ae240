/* Keeps what was typed into a form marked data-draft="name" on this device until the server has it.
   A draft belongs to one member on one page, is offered and never put back unasked, leaves out passwords, files,
   hidden fields and anything inside data-secret, and is gone after seven days or when the member signs out.
   Who chooses another language or script in the middle of a form goes on with it: the words stand in it again at once. */

const PREFIX = "fairwitness.draft.";
const DAYS = 7;
const LEFT_OUT = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);

interface Draft {
  at: number;
  sent: boolean;
  once?: string;
  goesOn?: boolean;
  values: [string, string][];
}
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function read(key: string): Draft | null {
  try {
    const found = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return found && Array.isArray(found.values) ? found : null;
  } catch {
    return null;
  }
}

function write(key: string, draft: Draft): void {
  // A full or forbidden store must not stop anybody from typing.
  try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* the form itself still holds the words */ }
}

function keys(): string[] {
  try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
}

function keyOf(form: HTMLFormElement): string {
  return `${PREFIX}${document.body.dataset.member ?? ""}.${location.pathname}.${form.dataset.draft ?? ""}`;
}

function controls(form: HTMLFormElement): Control[] {
  return [...form.elements].filter((one): one is Control =>
    (one instanceof HTMLInputElement || one instanceof HTMLSelectElement || one instanceof HTMLTextAreaElement) &&
    one.name !== "" && !LEFT_OUT.has(one.type) && !one.closest("[data-secret]"));
}

function isBox(one: Control): one is HTMLInputElement {
  return one instanceof HTMLInputElement && (one.type === "checkbox" || one.type === "radio");
}

function gather(form: HTMLFormElement): [string, string][] {
  const values: [string, string][] = [];
  for (const one of controls(form)) {
    if (isBox(one)) { if (one.checked) values.push([one.name, one.value]); }
    else if (one instanceof HTMLSelectElement) for (const option of one.selectedOptions) values.push([one.name, option.value]);
    else if (one.value !== "") values.push([one.name, one.value]);
  }
  return values;
}

function putBack(form: HTMLFormElement, values: [string, string][]): void {
  const held = new Map<string, string[]>();
  for (const [name, value] of values) held.set(name, [...(held.get(name) ?? []), value]);
  for (const one of controls(form)) {
    const mine = held.get(one.name) ?? [];
    if (isBox(one)) one.checked = mine.includes(one.value);
    else if (one instanceof HTMLSelectElement) for (const option of one.options) option.selected = mine.includes(option.value);
    else one.value = mine.shift() ?? "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function tongue(): string {
  const lang = document.documentElement.lang || "en";
  return lang === "en" ? "en-GB" : lang;
}

function offer(form: HTMLFormElement, key: string, draft: Draft): void {
  const notice = form.querySelector<HTMLElement>("[data-draft-offer]");
  if (!notice) return;
  const when = notice.querySelector<HTMLElement>("[data-draft-when]");
  if (when) when.textContent = new Date(draft.at).toLocaleString(tongue(), { dateStyle: "long", timeStyle: "short" });
  notice.hidden = false;
  notice.querySelector("[data-draft-take]")?.addEventListener("click", () => { putBack(form, draft.values); notice.hidden = true; });
  notice.querySelector("[data-draft-drop]")?.addEventListener("click", () => { localStorage.removeItem(key); forget(form); notice.hidden = true; });
}

/* The server keeps the same words, so that another device finds them. A failed attempt is no matter: this device still has them. */
function send(form: HTMLFormElement): void {
  const to = form.dataset.draftTo;
  const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (!to || !token) return;
  const body = new URLSearchParams([...gather(form), ["draft-page", location.pathname], ["draft-name", form.dataset.draft ?? "form"]]);
  fetch(to, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Draft": "script" }, keepalive: body.toString().length < 60000 }).catch(() => {});
}

function forget(form: HTMLFormElement): void {
  const to = form.dataset.draftTo?.replace(/keep$/, "forget");
  const token = form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value;
  if (!to || !token) return;
  const body = new URLSearchParams([["draft-page", location.pathname]]);
  fetch(to, { method: "POST", body, headers: { "X-CSRFToken": token, "X-Draft": "script" } }).catch(() => {});
}

export function settleDrafts(page: Document): void {
  const present = new Map([...page.querySelectorAll<HTMLFormElement>("form[data-draft]")].map((form) => [keyOf(form), form]));
  const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
  for (const key of keys()) {
    const draft = read(key);
    // The server answered a sent form with another page: it has the words, the copy can go.
    // Where nobody is signed in, the session ended before the words arrived: they wait until their form is open again.
    if (draft?.sent && (page.body.dataset.member ?? "") === "") { draft.sent = false; write(key, draft); }
    // The page of the next form of the same kind names what the form before it made.
    const named = draft?.once !== undefined && draft.once === present.get(key)?.dataset.draftArrived;
    const arrived = draft?.sent === true && (!present.has(key) || named);
    if (!draft || draft.at < oldest || arrived || page.body.dataset.drafts === "forget") localStorage.removeItem(key);
  }
}

export function keepDrafts(part: ParentNode): void {
  for (const form of part.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    if (form.dataset.kept) continue;
    form.dataset.kept = "yes";
    const key = keyOf(form);
    const draft = read(key);
    const before = JSON.stringify(gather(form));
    if (draft?.goesOn) {
      write(key, { at: draft.at, sent: false, values: draft.values });
      putBack(form, draft.values);
    } else if (draft && JSON.stringify(draft.values) !== before) offer(form, key, draft);
    let timer = 0;
    let later = 0;
    for (const tongue of document.querySelectorAll<HTMLAnchorElement>("a[hreflang][href^='?']"))
      tongue.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || JSON.stringify(gather(form)) === before) return;
        clearTimeout(timer);
        write(key, { at: Date.now(), sent: false, goesOn: true, values: gather(form) });
        form.dispatchEvent(new Event("goeson"));
      });
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = window.setTimeout(() => write(key, { at: Date.now(), sent: false, values: gather(form) }), 400);
      clearTimeout(later);
      later = window.setTimeout(() => send(form), 2000);
    });
    form.addEventListener("submit", () => {
      clearTimeout(timer);
      clearTimeout(later);
      const once = form.querySelector<HTMLInputElement>("[name=once]")?.value;
      write(key, { at: Date.now(), sent: true, once, values: gather(form) });
    });
  }
}
