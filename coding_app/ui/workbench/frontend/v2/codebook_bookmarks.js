// The observer's bookmarks in the codebook: kept on the server, the same on every computer.

import { resolve } from "./codebook_find.js";
import { button, el } from "./dom.js";
import { texts } from "./texts.js";

const LONGEST = 200; // as MAX_TEXT in coding_app/workflows/bookmarks.py

/** changed(): they are to be drawn anew. */
export function createBookmarks({ desk, entries, changed }) {
  const { api, scheme, status, withRenewal } = desk;
  let kept = []; // {scheme, place, text}
  take(() => api.bookmarks());

  async function take(ask) {
    try {
      kept = (await withRenewal(ask)).bookmarks.filter((each) => each.scheme === scheme.id);
      changed();
    } catch (error) {
      status.tell(texts.codebook.notKept(error.message));
    }
  }

  const at = (place) => kept.find((each) => each.place === place);

  function textAt(place) {
    const passage = entries.flatMap((each) => each.passages).find((each) => each.place === place);
    const text = passage?.text ?? entries.find((each) => each.place === place)?.label ?? "";
    return text.split(/\s+/).join(" ").trim().slice(0, LONGEST);
  }

  function row(mark) {
    const found = resolve(entries, mark);
    const name = found ? `${found.entry.label}: ` : "";
    const said = mark.text.length > 90 ? `${mark.text.slice(0, 89)}…` : mark.text;
    const words = found && !found.passage ? found.entry.label : `${name}${said}`;
    const target = found ? (found.passage ?? found.entry).place : null;
    return el("li", {},
      target ? button({ class: "codebook-mark", "data-entry": target, dir: "auto" }, words) : el("span", { class: "quiet", dir: "auto" }, `${words} (${texts.codebook.gone})`),
      button({ class: "remove", "data-star": mark.place, "aria-label": texts.codebook.unmark }, "×"));
  }

  return {
    has: (place) => at(place) !== undefined,
    toggle(place) {
      const known = at(place);
      const wanted = known ?? { scheme: scheme.id, place, text: textAt(place) };
      return take(() => api.bookmark({ ...wanted, on: !known }));
    },
    /** The list of them, or nothing while there are none. */
    nodes: () => (kept.length ? [el("section", { class: "codebook-marks", "aria-label": texts.codebook.bookmarks }, el("h4", {}, texts.codebook.bookmarks), el("ul", {}, ...kept.map(row)))] : []),
  };
}
