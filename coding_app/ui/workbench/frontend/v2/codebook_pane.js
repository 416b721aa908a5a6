// The pane of the codebook: the entry in hand with its passages, a search over all of them, and the observer's bookmarks.

import { createBookmarks } from "./codebook_bookmarks.js";
import { entriesOf, find, rulesFor } from "./codebook_find.js";
import { button, el, put } from "./dom.js";
import { ROLES, texts } from "./texts.js";

const FIELDS = ["definition", "question", "high", "low", "include", "exclude", "examples", "near_misses", "rule"];

/** Settles when the pane stands in the desk, hidden, with its style sheet. */
export async function createCodebookPane(desk) {
  const { scope, scheme, root } = desk;
  const words = texts.codebook;
  const entries = entriesOf(scheme, { roles: ROLES });
  const field = el("input", { type: "search", class: "codebook-search", placeholder: words.search, "aria-label": words.search, autocomplete: "off", spellcheck: "false" });
  const close = button({ class: "remove", "aria-label": texts.close }, "×");
  const page = el("div", { class: "codebook-page", role: "document", tabindex: "0", "aria-label": words.title });
  const element = el("aside", { class: "codebook", hidden: true, "aria-label": words.title }, el("div", { class: "codebook-head" }, field, close), page);
  const bookmarks = createBookmarks({ desk, entries, changed: draw });
  let shown = null; // the entry that is shown
  await style();
  desk.slots.side.before(element);

  scope.on(field, "input", draw);
  scope.on(field, "keydown", typed);
  scope.on(close, "click", hide);
  scope.on(page, "click", clicked);
  desk.signals.on("keys", draw);

  function style() {
    return new Promise((resolve) => {
      const link = el("link", { rel: "stylesheet", href: new URL("./codebook.css", import.meta.url).href });
      scope.on(link, "load", resolve);
      scope.on(link, "error", resolve);
      root.before(link);
      scope.own(() => link.remove());
    });
  }

  function typed(event) {
    if (event.isComposing) return;
    const results = page.querySelectorAll(".codebook-found");
    if (event.key === "Escape") {
      field.value = "";
      draw();
      root.focus({ preventScroll: true });
    } else if (event.key === "Enter" && results.length) {
      results[0].click();
      root.focus({ preventScroll: true });
    } else if (event.key === ":" && field.value === "") {
      hide();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function clicked(event) {
    const found = event.target.closest?.("button");
    if (!found) return;
    const { entry, star } = found.dataset;
    if (star) bookmarks.toggle(star);
    else if (entry) show(entry);
  }

  /** place: of an entry or a passage in it, which is then scrolled to. */
  function show(place) {
    const entry = entries.find((each) => each.place === place.split("/")[0]);
    if (!entry) return;
    shown = entry;
    field.value = "";
    draw();
    const passage = page.querySelector(`[data-place="${CSS.escape(place)}"]`);
    if (passage) passage.scrollIntoView({ block: "nearest" });
    else page.scrollTop = 0;
  }

  function draw() {
    const query = field.value.trim();
    page.replaceChildren(...(query ? results(query) : [...(shown ? card(shown) : [el("p", { class: "quiet" }, words.nothing)]), ...bookmarks.nodes()]));
  }

  function results(query) {
    const found = find(entries, query);
    if (!found.length) return [el("p", { class: "quiet" }, texts.searchNone)];
    return found.map(({ entry, passage }) => button({ class: "codebook-found", "data-entry": entry.place },
      el("strong", { dir: "auto" }, entry.label), passage ? el("span", { class: "quiet", dir: "auto" }, passage.text) : null));
  }

  function star(place) {
    const on = bookmarks.has(place);
    return button({ class: "codebook-star", "data-star": place, "aria-pressed": String(on), "aria-label": on ? words.unmark : words.mark, title: on ? words.unmark : words.mark }, on ? "★" : "☆");
  }

  function card(entry) {
    const key = desk.keyOf(`code:${entry.id}`);
    const fields = FIELDS.flatMap((name) => {
      const passages = entry.passages.filter((each) => each.field === name);
      return passages.length ? [heading(name), ...passages.map(line)] : [];
    });
    const rules = entry.kind === "code" ? rulesFor(scheme, entry.id) : [];
    return [
      el("div", { class: "codebook-name", "data-place": entry.place }, entry.kind === "code" && key ? el("kbd", { class: "key" }, texts.keyLabel(key)) : null,
        el("h3", { dir: "auto" }, entry.kind === "rule" ? words.ruleNamed(entry.label) : entry.label), star(entry.place)),
      entry.about ? el("p", { class: "quiet" }, entry.about) : null,
      ...fields,
      ...(rules.length ? [heading("rules"), ...rules.map((rule) => line({ place: `rule:${rule.id}`, text: rule.text }))] : []),
    ].filter(Boolean);
  }

  function heading(name) {
    const head = words.fields[name];
    return head ? el("h4", {}, head) : null;
  }

  function line({ place, field: name, text, why, instead }) {
    const other = instead ? entries.find((each) => each.place === `code:${instead}`) : null;
    const more = why === undefined ? [] : [" ", el("span", { class: "quiet", dir: "auto" }, why), " ",
      other ? button({ class: "codebook-instead", "data-entry": other.place }, texts.instead(other.label)) : el("span", { class: "quiet" }, words.noCode)];
    return el("div", { class: "codebook-line", "data-place": place, "data-field": name ?? null },
      el("p", {}, el("bdi", {}, text), ...more), place === shown.place ? null : star(place));
  }

  function hide() {
    element.hidden = true;
    put(root, "data-codebook", null);
    root.focus({ preventScroll: true });
  }

  return {
    /** What the key does: shows the pane; then puts the cursor into its search; then hides it. */
    step() {
      if (element.hidden) {
        element.hidden = false;
        put(root, "data-codebook", "true");
        draw();
      } else if (element.getRootNode().activeElement !== field) {
        field.focus();
        field.select();
      } else hide();
    },
    /** The code or rating in hand is another one now. */
    follow(place) {
      const entry = entries.find((each) => each.place === place);
      if (!entry || entry === shown) return;
      shown = entry;
      if (element.hidden || field.value.trim()) return;
      draw();
      page.scrollTop = 0;
    },
  };
}
