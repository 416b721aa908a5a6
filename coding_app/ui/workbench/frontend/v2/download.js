// Files to and from this computer, made and read in the page.

import { el } from "./dom.js";

const KEEP_MS = 10000; // the browser reads the address a little later

/** Has the browser save a text as a file. */
export function download({ name, text, scope, root }) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = el("a", { href: address, download: name, hidden: true });
  root.append(link);
  link.click();
  link.remove();
  scope.timeout(() => URL.revokeObjectURL(address), KEEP_MS);
}
