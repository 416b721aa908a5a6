// One listener for all keys: it works wherever the focus is, except where a key belongs to the focused element.

import { actionFor } from "./keymap.js";
import { belongsToFocus, focusKind } from "./keys.js";

/** keymap(): the map as it is now. onScreen(): is the workbench visible; busy(): one of our own dialogs has the keys. run(id, event): false = not for us after all. */
export function listenToKeys({ scope, keymap, onScreen, busy, run }) {
  scope.on(globalThis, "keydown", (event) => {
    if (!onScreen() || busy()) return;
    if (belongsToFocus(event, focusKind(event.composedPath()[0]))) return;
    const id = actionFor(event, keymap());
    if (id === null) return;
    if (id !== "none" && run(id, event) === false) return;
    // Streamlit binds letters of its own (r, c): what is ours does not go further.
    event.preventDefault();
    event.stopImmediatePropagation();
  }, { capture: true });
}
