// The mouse on the waveform: a click goes there, a drag marks a stretch, the wheel moves and zooms the window.

const DRAG_PX = 4;
const GRIP_PX = 6; // so near to its edge a drag goes on with the marked stretch
const WHEEL_AWAY_MS = 4000; // after one's own panning the window stays put for so long while it plays

/**
 * view: the window. stretch: what is marked. onSeek(ms); onDragged(); onZoom(steps, ms): zoom around there; moved(): the window moved.
 * Returns {busy}: true while the observer holds the window or has just moved it.
 */
export function createWavePointer({ box, view, stretch, scope, onSeek, onDragged, onZoom, moved }) {
  let held = null; // {x, from, dragging}
  let awayUntil = 0;

  const xOf = (event) => event.clientX - box.getBoundingClientRect().left;

  function grip(x) {
    const value = stretch.value();
    if (value && Math.abs(view.x(value.start_ms) - x) <= GRIP_PX) return value.end_ms;
    if (value && Math.abs(view.x(value.end_ms) - x) <= GRIP_PX) return value.start_ms;
    return null;
  }

  const glide = scope.beforePaint(() => {
    if (!held?.dragging) return;
    const over = held.x < 0 ? held.x : Math.max(0, held.x - view.width());
    if (over === 0) return;
    view.pan(over / 8);
    stretch.between(held.from, view.at(held.x));
    moved();
    glide();
  });

  scope.on(box, "pointerdown", (event) => {
    if (event.button !== 0) return;
    const x = xOf(event);
    const other = grip(x);
    box.setPointerCapture(event.pointerId);
    held = { x, began: x, from: other ?? view.at(x), dragging: false };
  });
  scope.on(box, "pointermove", (event) => {
    const x = xOf(event);
    if (!held) return box.toggleAttribute("data-grip", grip(x) !== null);
    held.x = x;
    if (!held.dragging && Math.abs(x - held.began) < DRAG_PX) return undefined;
    held.dragging = true;
    stretch.between(held.from, view.at(x));
    glide();
    return undefined;
  });
  scope.on(box, "pointerup", () => {
    const last = held;
    held = null;
    if (!last) return;
    if (last.dragging) onDragged();
    else onSeek(view.at(last.began));
  });
  scope.on(box, "pointercancel", () => {
    held = null;
  });
  scope.on(box, "wheel", (event) => {
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) return onZoom(event.deltaY < 0 ? 1 : -1, view.at(xOf(event)));
    awayUntil = performance.now() + WHEEL_AWAY_MS;
    view.pan(Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY);
    return moved();
  }, { passive: false });

  return {
    busy: () => held !== null || performance.now() < awayUntil,
    /** The observer goes somewhere: the window may follow again. */
    back() {
      awayUntil = 0;
    },
  };
}
