// The search bar over the transcript: what is typed is marked at once, and one goes from match to match.

import { actionButton } from "./desk.js";
import { button, el, put, say } from "./dom.js";
import { createSearch, firstFrom, matchesOf } from "./search.js";
import { texts } from "./texts.js";

/** transcript: the list. noteOf(index) -> the note on a row, or null. */
export function openSearching(desk, { transcript, noteOf }) {
  const { segments, scope, place, signals, status } = desk;
  const search = createSearch({ n: segments.length, textOf: (index) => segments[index].text, noteOf });
  const field = el("input", { type: "search", class: "search-field", "aria-label": texts.searchTranscript, placeholder: texts.searchTranscript,
    autocomplete: "off", spellcheck: "false" });
  const count = el("span", { class: "search-count", role: "status" });
  const step = (act, label, sign) => button({ class: "plain search-step", "data-step": act, "aria-label": label, title: label }, sign);
  const bar = el("div", { class: "search-bar", role: "search", hidden: true }, field, count,
    step("-1", texts.searchPrevious, "↑"), step("1", texts.searchNext, "↓"), step("0", texts.close, "×"));
  let found = [];
  let active = -1; // place in found
  let taken = false; // the observer went to the active match; before that it is only shown
  let from = null; // what had the focus before

  function look() {
    found = search.find(field.value);
    active = firstFrom(found, place.index());
    taken = false;
    draw();
    if (active >= 0) transcript.reveal(found[active].index);
  }

  function draw() {
    say(count, found.length ? texts.searchCount(active + 1, found.length) : (field.value.trim() ? texts.searchNone : ""));
    put(bar, "data-none", field.value.trim() && !found.length ? "true" : null);
    transcript.showMatches();
  }

  function go(by) {
    if (!found.length) return;
    // What was typed has shown this match already: the first time one only goes there.
    if (taken || by < 0) active = (active + by + found.length) % found.length;
    taken = true;
    draw();
    desk.choose(found[active].index);
  }

  function open() {
    if (bar.hidden) from = bar.getRootNode().activeElement;
    bar.hidden = false;
    field.focus();
    field.select();
    if (field.value) look();
  }

  function close() {
    if (bar.hidden) return;
    bar.hidden = true;
    found = [];
    active = -1;
    transcript.showMatches();
    if (from?.isConnected) from.focus({ preventScroll: true });
    else transcript.focus();
  }

  scope.on(field, "input", look);
  scope.on(bar, "keydown", (event) => {
    if (event.isComposing) return;
    const by = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") close();
    else if (by && event.target === field) go(by);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  scope.on(bar, "click", (event) => {
    const by = event.target.closest?.("[data-step]")?.dataset.step;
    if (by === "0") close();
    else if (by) go(Number(by));
  });
  signals.on("corrected", (segment) => {
    search.forget(desk.indexOf(segment.key));
    if (bar.hidden) return;
    found = search.find(field.value);
    active = Math.min(active, found.length - 1);
    draw();
  });
  desk.slots.tools.append(actionButton(desk, "search", texts.search));
  desk.act({ search: segments.length ? open : () => status.tell(texts.noSegments) });

  return {
    element: bar,
    /** {matches, noteFound} of a row, for drawing it. */
    on(index) {
      if (!found.length) return { matches: [], noteFound: false };
      const own = matchesOf(found, index);
      return {
        matches: own.filter((each) => !each.note).map(({ from: start, to, place: nth }) => ({ from: start, to, active: nth === active })),
        noteFound: own.some((each) => each.note),
      };
    },
  };
}
