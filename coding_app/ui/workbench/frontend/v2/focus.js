// Drawing a box anew without losing the place of the keyboard.

/** Puts these nodes into the box; a button that had the focus hands it to the one that stands for the same thing (same data attributes). */
export function refill(box, nodes) {
  const focused = box.getRootNode().activeElement;
  const mark = focused?.matches?.("button") && box.contains(focused) ? { ...focused.dataset } : null;
  box.replaceChildren(...nodes);
  if (!mark) return;
  [...box.querySelectorAll("button")].find((each) => Object.entries(mark).every(([name, value]) => each.dataset[name] === value))?.focus({ preventScroll: true });
}
