/* Draws boxes on a picture with mouse, pen or finger, and writes them into the rows of numbers below it. The numbers alone count: what
   is typed there is drawn here, and a box that is drawn is only typed faster. */

const SIDES = ["left", "top", "width", "height"] as const;
const LEAST = 0.5;

interface Area { x: number; y: number; w: number; h: number }

function rows(form: HTMLFormElement): HTMLFieldSetElement[] {
  return [...form.querySelectorAll<HTMLFieldSetElement>("fieldset[data-box]")];
}

function inputs(row: HTMLElement): HTMLInputElement[] {
  return SIDES.map((side) => row.querySelector<HTMLInputElement>(`input[name^="${side}_"]`)).filter((one): one is HTMLInputElement => one !== null);
}

function areaOf(row: HTMLElement): Area | null {
  const [x, y, w, h] = inputs(row).map((one) => Number.parseFloat(one.value.replace(",", ".")));
  return x === undefined || y === undefined || w === undefined || h === undefined || [x, y, w, h].some((side) => !Number.isFinite(side)) ? null : { x, y, w, h };
}

function shape(svg: SVGSVGElement, area: Area): SVGRectElement {
  const { width, height } = svg.viewBox.baseVal;
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const sides = { x: area.x * width / 100, y: area.y * height / 100, width: Math.max(0, area.w) * width / 100, height: Math.max(0, area.h) * height / 100 };
  for (const [name, value] of Object.entries(sides)) rect.setAttribute(name, value.toFixed(2));
  for (const [name, value] of [["fill", "#000"], ["fill-opacity", ".8"], ["stroke", "#fff"], ["stroke-width", "3"]]) rect.setAttribute(name ?? "", value ?? "");
  return rect;
}

function at(svg: SVGSVGElement, event: PointerEvent): { x: number; y: number } {
  // The picture may stand smaller than its frame; the drawing's own measure knows where it is.
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM()?.inverse());
  const part = (value: number, size: number): number => Math.min(100, Math.max(0, (value / size) * 100));
  return { x: part(point.x, svg.viewBox.baseVal.width), y: part(point.y, svg.viewBox.baseVal.height) };
}

function between(one: { x: number; y: number }, other: { x: number; y: number }): Area {
  return { x: Math.min(one.x, other.x), y: Math.min(one.y, other.y), w: Math.abs(one.x - other.x), h: Math.abs(one.y - other.y) };
}

function write(row: HTMLElement, area: Area | null): void {
  const right = area ? Math.min(100, area.x + area.w) : 0;
  const bottom = area ? Math.min(100, area.y + area.h) : 0;
  // Left and top are rounded down and the sides up, so that a box never covers less than was drawn.
  const left = area ? Math.floor(area.x * 10) / 10 : 0;
  const top = area ? Math.floor(area.y * 10) / 10 : 0;
  const values = area ? [left, top, Math.min(100 - left, Math.ceil((right - left) * 10) / 10), Math.min(100 - top, Math.ceil((bottom - top) * 10) / 10)] : [];
  inputs(row).forEach((one, place) => { one.value = values[place]?.toFixed(1) ?? ""; });
}

export function coverFaces(part: ParentNode): void {
  for (const svg of part.querySelectorAll<SVGSVGElement>("svg[data-cover]")) {
    const form = document.getElementById(svg.dataset.cover ?? "");
    const layer = svg.querySelector("[data-boxes]");
    if (!(form instanceof HTMLFormElement) || !layer || svg.dataset.ready) continue;
    svg.dataset.ready = "yes";
    svg.style.touchAction = "none";
    svg.style.cursor = "crosshair";
    const undo = form.querySelector<HTMLButtonElement>("[data-cover-undo]");
    const said = form.querySelector<HTMLElement>("[data-cover-said]");
    const hint = svg.parentElement?.querySelector<HTMLElement>("[data-cover-hint]");
    if (hint) hint.hidden = false;
    let begun: { x: number; y: number } | null = null;
    let drawn: SVGRectElement | null = null;

    const draw = (): void => {
      layer.replaceChildren(...rows(form).map(areaOf).filter((area): area is Area => area !== null).map((area) => shape(svg, area)));
      const any = rows(form).some((row) => areaOf(row) !== null);
      if (undo) undo.hidden = !any;
    };
    svg.addEventListener("pointerdown", (event) => {
      begun = at(svg, event);
      svg.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    svg.addEventListener("pointermove", (event) => {
      if (!begun) return;
      drawn?.remove();
      drawn = shape(svg, between(begun, at(svg, event)));
      layer.append(drawn);
    });
    svg.addEventListener("pointercancel", () => { begun = null; draw(); });
    svg.addEventListener("pointerup", (event) => {
      if (!begun) return;
      const area = between(begun, at(svg, event));
      begun = null;
      drawn = null;
      const free = rows(form).find((row) => inputs(row).every((one) => one.value.trim() === ""));
      if (free && area.w >= LEAST && area.h >= LEAST) {
        write(free, area);
        const fold = free.closest("details");
        if (fold) fold.open = true;
        if (said) said.textContent = `${free.querySelector("legend")?.textContent ?? ""}: ${inputs(free).map((one) => one.value).join(", ")}`;
      }
      draw();
    });
    form.addEventListener("input", draw);
    undo?.addEventListener("click", () => {
      const last = rows(form).filter((row) => areaOf(row) !== null).pop();
      if (last) write(last, null);
      if (said) said.textContent = "";
      draw();
    });
    draw();
  }
}
