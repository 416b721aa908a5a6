// Which rows of a long list are in view: their places add up from heights that are estimated first and measured later.

const ROUNDING_PX = 0.01;

/** Heights of n rows in pixels. estimate(index) -> px, until set() says what it really is. */
export function createHeights(n, estimate) {
  const heights = new Float64Array(n);
  const sums = new Float64Array(n + 1); // a Fenwick tree: any height changes, and any sum is read, in log n steps
  let measured = new Uint8Array(n);

  function add(index, px) {
    for (let place = index + 1; place <= n; place += place & -place) sums[place] += px;
  }

  /** Every height that was not measured is estimated (again); forget: the measured ones too. */
  function reestimate(forget = false) {
    if (forget) measured = new Uint8Array(n);
    sums.fill(0);
    for (let index = 0; index < n; index += 1) {
      if (!measured[index]) heights[index] = estimate(index);
      sums[index + 1] += heights[index];
      const parent = index + 1 + ((index + 1) & -(index + 1));
      if (parent <= n) sums[parent] += sums[index + 1];
    }
  }
  reestimate();

  /** Where row number index begins; offset(n) is the height of all. */
  function offset(index) {
    let sum = 0;
    for (let place = index; place > 0; place -= place & -place) sum += sums[place];
    return sum;
  }

  return {
    n,
    offset,
    reestimate,
    total: () => offset(n),
    height: (index) => heights[index],
    isMeasured: (index) => measured[index] === 1,

    /** The row at this distance from the top; the first or last for what lies beyond them; -1 when there is none. */
    at(px) {
      let place = 0;
      let left = px;
      for (let step = 1 << Math.floor(Math.log2(n || 1)); step > 0; step >>= 1) {
        if (place + step <= n && sums[place + step] <= left) {
          place += step;
          left -= sums[place];
        }
      }
      return Math.min(place, n - 1);
    },

    /** What the row's height really is; returns by how much that differs from what was held. */
    set(index, px) {
      const change = px - heights[index];
      measured[index] = 1;
      if (Math.abs(change) < ROUNDING_PX) return 0;
      heights[index] = px;
      add(index, change);
      return change;
    },
  };
}

/** [first, last] of the rows between top and top + height, and a margin on both sides; [0, -1] when there are none. */
export function rowsInView(heights, top, height, margin) {
  if (!heights.n) return [0, -1];
  return [heights.at(Math.max(0, top - margin)), heights.at(top + height + margin)];
}

/**
 * Where to scroll so that a row is in view with room around it; the same place when it is already.
 * A row that is higher than the view shows its beginning.
 */
export function scrollToShow({ top, height, rowTop, rowHeight, room }) {
  const around = Math.min(room, height / 4);
  if (rowTop < top + around || rowHeight > height - 2 * around) return Math.max(0, rowTop - around);
  if (rowTop + rowHeight > top + height - around) return rowTop + rowHeight - height + around;
  return top;
}

/** Lines that a text of so many characters takes, guessed; it is measured when it comes into view. */
export function linesOf(length, charactersPerLine) {
  return Math.max(1, Math.ceil(length / Math.max(1, charactersPerLine)));
}
