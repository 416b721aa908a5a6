// A long list of which only the rows in view, and some around them, are in the page; heights are measured as they come.

import { createHeights, rowsInView, scrollToShow } from "./virtual.js";

const MARGIN_PX = 600; // rows beyond the view that are there already when it is scrolled
const ROOM_PX = 80; // around a row that is shown
const SETTLE_MS = 150;
const ROUNDS = 4; // rows that turn out lower than thought let more rows into view

/**
 * list: the element that scrolls. sheet: the element in it that holds the rows and is as high as all of them.
 * estimate(index) -> px. make(index) -> element. keep() -> indices that stay in the page wherever the view is.
 * onScrolled({byReader}) after every scrolling, onDrawn() after every drawing.
 */
export function createRolling({ list, sheet, n, estimate, make, keep, scope, onScrolled, onDrawn }) {
  const heights = createHeights(n, estimate);
  const rows = new Map(); // index -> element: those in the page
  // Rows measured above the view must not move what is being read, nor break off the scrolling: all rows are placed this
  // much lower than they belong, and that is put right when the list rests.
  let drift = 0;
  let ours = 0; // where the list stands by our doing; a scrolling to anywhere else is the reader's
  let settleLater = null;
  const resized = new ResizeObserver((entries) => {
    const seen = entries.map((each) => Number(each.target.dataset.index)).filter((index) => rows.has(index));
    if (!measure(seen)) return;
    place();
    drawSoon();
  });
  scope.own(() => resized.disconnect());
  const drawSoon = scope.beforePaint(() => draw());

  const topOf = (index) => heights.offset(index) + drift;
  /** The first row in view. */
  const firstInView = () => heights.at(list.scrollTop - drift);

  function add(index) {
    const made = make(index);
    let next = null; // in the order of the list, for whoever reads the page rather than looks at it
    for (const other of rows.keys()) if (other > index && (next === null || other < next)) next = other;
    sheet.insertBefore(made, next === null ? null : rows.get(next));
    rows.set(index, made);
    resized.observe(made);
    return made;
  }

  function drop(index) {
    const gone = rows.get(index);
    resized.unobserve(gone);
    gone.remove();
    rows.delete(index);
  }

  /** held: the row that stays where it is whatever becomes known of those above it. True when a height was not as thought. */
  function measure(indices, held = firstInView()) {
    const found = indices.map((index) => [index, rows.get(index).getBoundingClientRect().height]);
    const changes = found.filter(([, px]) => px > 0).map(([index, px]) => [index, heights.set(index, px)]).filter(([, change]) => change !== 0);
    for (const [index, change] of changes) if (index < held) drift -= change;
    return changes.length > 0;
  }

  function place() {
    sheet.style.height = `${Math.max(0, heights.total() + drift)}px`;
    for (const [index, element] of rows) element.style.top = `${topOf(index)}px`;
    onDrawn();
  }

  function draw(held) {
    const height = list.clientHeight;
    if (!n || !height) return;
    for (let round = 0; round < ROUNDS; round += 1) {
      const [first, last] = rowsInView(heights, list.scrollTop - drift, height, MARGIN_PX);
      const kept = keep();
      for (const index of [...rows.keys()]) if ((index < first || index > last) && !kept.includes(index)) drop(index);
      const fresh = [];
      for (let index = first; index <= last; index += 1) {
        if (rows.has(index)) continue;
        add(index);
        fresh.push(index);
      }
      const changed = measure(fresh, held);
      place();
      if (!changed) break;
    }
    // At the very beginning nothing may be left above the first row, nor the row be out of reach.
    if (drift !== 0 && list.scrollTop < MARGIN_PX) settle();
  }

  function scrollTo(px) {
    if (Math.abs(list.scrollTop - px) >= 0.5) list.scrollTop = px;
    ours = list.scrollTop;
  }

  function settle() {
    if (drift === 0) return;
    const wanted = list.scrollTop - drift;
    drift = 0;
    place();
    scrollTo(wanted);
  }

  scope.on(list, "scroll", () => {
    const byReader = Math.abs(list.scrollTop - ours) > 1;
    ours = list.scrollTop;
    draw();
    onScrolled({ byReader });
    settleLater?.();
    settleLater = scope.timeout(settle, SETTLE_MS);
  }, { passive: true });
  scope.observe(new ResizeObserver(drawSoon), list);

  return {
    rows,
    place,
    topOf,
    /** The row's element, put into the page when it is not there. */
    ensure(index) {
      const found = rows.get(index) ?? add(index);
      found.style.top = `${topOf(index)}px`;
      return found;
    },
    /** Scrolls so that the row is in view with room around it. */
    reveal(index) {
      settle();
      for (let round = 0; round < ROUNDS; round += 1) {
        const before = list.scrollTop;
        scrollTo(scrollToShow({ top: before, height: list.clientHeight, rowTop: topOf(index), rowHeight: heights.height(index), room: ROOM_PX }));
        draw(index);
        settle();
        if (list.scrollTop === before) break;
      }
    },
    /** "above" or "below" when nothing of the row is in view, else null. */
    away(index) {
      const top = topOf(index) - list.scrollTop;
      if (top + heights.height(index) <= 0) return "above";
      return top >= list.clientHeight ? "below" : null;
    },
    /** Every height may be another one now, as after a change of width; what is read stays where it is. */
    remeasure() {
      const held = firstInView();
      const shift = list.scrollTop - topOf(held);
      heights.reestimate(true);
      drift = 0;
      measure([...rows.keys()], 0);
      place();
      scrollTo(heights.offset(held) + shift);
      drawSoon();
    },
  };
}
