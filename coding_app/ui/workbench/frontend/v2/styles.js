// The style sheets of the features; the frame's own, workbench.css, is brought by Streamlit.

import { el } from "./dom.js";

export const SHEETS = ["moments.css", "transcript.css", "player.css", "settings.css", "compare.css"];

/** Puts the sheets beside the workbench; settles when they are there, or have failed to come. */
export function loadStyles({ root, scope }) {
  return Promise.all(SHEETS.map((name) => new Promise((resolve) => {
    const link = el("link", { rel: "stylesheet", href: new URL(`./${name}`, import.meta.url).href });
    scope.on(link, "load", resolve);
    scope.on(link, "error", resolve);
    root.before(link);
    scope.own(() => link.remove());
  })));
}
