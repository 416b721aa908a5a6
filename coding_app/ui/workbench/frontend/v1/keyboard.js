// One listener for all keys: it works wherever the focus is, except where a key belongs to the focused element.

import { actionFor, belongsToFocus, focusKind } from "./keys.js";

/** onScreen(): is the workbench visible; busy(): one of our own dialogs is open and has the keys. run(action): false = not for us after all. */
export function listenToKeys({ scope, codes, onScreen, busy, run }) {
  scope.on(globalThis, "keydown", (event) => {
    if (!onScreen() || busy()) return;
    const kind = focusKind(event.composedPath()[0]);
    if (belongsToFocus(event, kind)) return;
    const action = actionFor(event, codes);
    if (!action) return;
    if (run(action) === false) return;
    // Streamlit binds letters of its own (r, c): what is ours does not go further.
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}
