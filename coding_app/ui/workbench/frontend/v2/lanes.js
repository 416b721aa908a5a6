// The rows of marks under the waveform and the arcs over it, as elements of the page: only those near the window are there.

import { el, put } from "./dom.js";
import { clock, within } from "./time.js";

const ROW_PX = 18;
const EDGE_PX = 5; // how much of a mark's end is its edge, to be dragged
const SVG = "http://www.w3.org/2000/svg";

/** onPick(key): a mark was clicked. onEdge({key, start_ms, end_ms}): its edge was dragged there. */
export function createLanes({ view, marks, scope, onPick, onEdge }) {
  const element = el("div", { class: "lanes", "aria-hidden": "true" });
  const arcs = document.createElementNS(SVG, "svg");
  const arcsMoved = arcs.appendChild(document.createElementNS(SVG, "g"));
  put(arcs, "class", "arcs");
  put(arcs, "aria-hidden", "true");
  const known = new Map(); // lane and key of a mark -> its element
  const spanOf = new WeakMap(); // element -> its span
  let tracks = [];
  let built = null; // {from, to, perMs}: what the elements were made for
  let lanes = [];
  let dragged = null;

  const left = (ms) => (ms - built.from) * built.perMs;
  const inReach = (from, to) => to >= built.from && from <= built.to;

  /** Reads the marks anew. */
  function read() {
    lanes = marks.lanes();
    built = null;
    put(element, "data-empty", lanes.length === 0);
    place();
  }

  /** Puts everything where the window is now. */
  function place() {
    if (dragged) return;
    const length = view.to() - view.from();
    if (!built || built.perMs !== view.perMs() || view.from() < built.from || view.to() > built.to) {
      built = { from: view.from() - length, to: view.to() + length, perMs: view.perMs() };
      build();
    }
    const moved = `translateX(${(built.from - view.from()) * built.perMs}px)`;
    for (const track of tracks) track.style.transform = moved;
    arcsMoved.style.transform = moved;
  }

  function build() {
    const used = new Set();
    tracks = [];
    const rows = lanes.map(({ label, n, spans }) => {
      const shown = spans.filter((span) => inReach(span.start_ms, span.open ? Infinity : span.end_ms));
      const track = el("div", { class: "lane-track" }, ...shown.map((span) => {
        const id = `${label}\u0000${span.key}`;
        used.add(id);
        if (!known.has(id)) known.set(id, el("div", { class: "mark-span" }, el("span", { class: "mark-label" })));
        return dress(known.get(id), span);
      }));
      tracks.push(track);
      const row = el("div", { class: "lane", "data-lane": label }, track, el("span", { class: "lane-name" }, label));
      row.style.height = `${n * ROW_PX + 1}px`;
      return row;
    });
    for (const id of known.keys()) if (!used.has(id)) known.delete(id);
    element.replaceChildren(...rows);
    arcsMoved.replaceChildren(...marks.arcs().filter(({ from_ms, to_ms }) => inReach(Math.min(from_ms, to_ms), Math.max(from_ms, to_ms))).flatMap(arc));
  }

  function dress(mark, span) {
    const { key, start_ms, end_ms, criterionIndex, label, selected, open, differs, row } = span;
    const point = !open && end_ms <= start_ms;
    spanOf.set(mark, span);
    put(mark, "data-key", key);
    put(mark, "data-criterion", String((criterionIndex ?? 5) % 6));
    put(mark, "data-point", point);
    put(mark, "data-open", Boolean(open));
    put(mark, "data-selected", Boolean(selected));
    put(mark, "data-differs", Boolean(differs));
    put(mark, "title", `${label}  ${point || open ? clock(start_ms) : `${clock(start_ms)}–${clock(end_ms)}`}`);
    mark.firstChild.textContent = point ? "" : label;
    mark.style.top = `${1 + row * ROW_PX}px`;
    stretch(mark, start_ms, open ? Infinity : end_ms, point);
    return mark;
  }

  function stretch(mark, start_ms, end_ms, point) {
    // What lies outside of the reach is cut off: no element is wider than three windows.
    const from = left(Math.max(start_ms, built.from));
    mark.style.left = `${from}px`;
    mark.style.width = point ? "" : `${Math.max(3, left(Math.min(end_ms, built.to)) - from)}px`;
  }

  /** An arc from one moment to another, with a point at its end. */
  function arc({ from_ms, to_ms, label }) {
    const [from, to] = [left(from_ms), left(to_ms)];
    const lift = within(Math.abs(to - from) / 4, 14, 40);
    const path = document.createElementNS(SVG, "path");
    put(path, "d", `M${from},46 Q${(from + to) / 2},${46 - 2 * lift} ${to},46`);
    put(path, "class", "arc");
    const name = document.createElementNS(SVG, "title");
    name.textContent = label;
    path.append(name);
    const end = document.createElementNS(SVG, "path");
    put(end, "d", `M${to},50 l-4,-8 l8,0 z`);
    put(end, "class", "arc-end");
    return [path, end];
  }

  /** Which edge of a mark lies under the mouse: "start", "end", "both" for a moment, null for none. */
  function edgeAt(mark, event) {
    const { edges = "both", open, start_ms, end_ms } = spanOf.get(mark);
    if (edges === "none") return null;
    if (!open && end_ms <= start_ms) return "both";
    const box = mark.getBoundingClientRect();
    if (event.clientX - box.left <= EDGE_PX) return "start";
    return edges === "both" && !open && box.right - event.clientX <= EDGE_PX ? "end" : null;
  }

  const markOf = (event) => event.target.closest?.(".mark-span") ?? null;

  scope.on(element, "pointermove", (event) => {
    if (dragged) return drag(event);
    const mark = markOf(event);
    if (mark) put(mark, "data-edge", edgeAt(mark, event));
    return undefined;
  });
  scope.on(element, "pointerdown", (event) => {
    const mark = markOf(event);
    if (!mark || event.button !== 0) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const { start_ms, end_ms } = spanOf.get(mark);
    dragged = { mark, edge: edgeAt(mark, event), x: event.clientX, start_ms, end_ms, moved: false };
  });
  scope.on(element, "pointerup", () => drop(true));
  scope.on(element, "pointercancel", () => drop(false));

  function drag(event) {
    if (!dragged.edge || (!dragged.moved && Math.abs(event.clientX - dragged.x) < 3)) return;
    const span = spanOf.get(dragged.mark);
    const ms = view.at(event.clientX - element.getBoundingClientRect().left);
    dragged.moved = true;
    if (dragged.edge === "both") dragged.start_ms = dragged.end_ms = ms;
    else if (dragged.edge === "start") dragged.start_ms = span.open ? ms : Math.min(ms, span.end_ms - 1);
    else dragged.end_ms = Math.max(ms, span.start_ms + 1);
    stretch(dragged.mark, dragged.start_ms, span.open ? Infinity : dragged.end_ms, dragged.edge === "both");
  }

  function drop(done) {
    const last = dragged;
    dragged = null;
    if (!last) return;
    const span = spanOf.get(last.mark);
    if (done && last.moved) onEdge({ key: span.key, start_ms: last.start_ms, end_ms: span.open ? last.start_ms : last.end_ms });
    else if (done) onPick(span.key);
    read();
  }

  return { element, arcs, read, place };
}
