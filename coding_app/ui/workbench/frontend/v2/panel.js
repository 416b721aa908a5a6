// The list of codes with their keys, one group per criterion; it says what is on, what does not fit and what is running.

import { button, el, keycap, put, say } from "./dom.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

const SIGNS = { span: "↔", start: "↦", point: "◆" };

/** onCode(id), onDefine(id): what a click asks for. keyOf(action id): the key that does it now, or undefined. */
export function createPanel({ scheme, scope, keyOf, onCode, onDefine }) {
  const rows = new Map(); // code id -> {press, key, since}
  const codes = new Map(scheme.criteria.flatMap((criterion) => criterion.codes.map((code) => [code.id, { code, criterion }])));
  const element = el("div", { class: "codes" }, ...scheme.criteria.map(group));
  rekey();

  function group(criterion, place) {
    const list = el("div", { class: "group-codes", id: `codes-${criterion.id}` }, ...criterion.codes.map(codeRow));
    const fold = button({ class: "group-fold", id: `criterion-${criterion.id}`, "aria-expanded": "true", "aria-controls": list.id, "data-fold": criterion.id },
      el("span", { class: "group-arrow", "aria-hidden": "true" }, "▾"), el("span", { class: "group-name" }, criterion.label), sign(criterion));
    return el("section", { class: "group", "data-criterion": String(place % 6), "aria-labelledby": fold.id }, el("h3", {}, fold), list);
  }

  /** How codes of this group are given, where it is not by segment. */
  function sign({ mark }) {
    if (!mark) return null;
    return el("span", { class: "group-mark", title: texts.markMeanings[mark] }, el("span", { "aria-hidden": "true" }, SIGNS[mark]), ` ${texts.markNames[mark]}`);
  }

  function codeRow(code) {
    const key = el("span", { class: "code-key" });
    const since = el("span", { class: "code-since", hidden: true });
    const press = button({ class: "code", "data-code": code.id, "aria-pressed": "false", title: code.label }, key, el("span", { class: "code-label" }, code.label), since);
    const info = button({ class: "info", "data-define": code.id, "aria-label": texts.define(code.label), title: texts.define(code.label) }, "i");
    rows.set(code.id, { press, key, since });
    return el("div", { class: "code-row" }, press, info);
  }

  function rekey() {
    for (const [id, { press, key }] of rows) {
      const name = keyOf(`code:${id}`);
      put(press, "aria-keyshortcuts", name ?? null);
      key.replaceChildren(...(name ? [keycap(texts.keyLabel(name))] : []));
    }
  }

  function fold(head) {
    const open = head.getAttribute("aria-expanded") !== "true";
    put(head, "aria-expanded", String(open));
    element.querySelector(`#codes-${CSS.escape(head.dataset.fold)}`).hidden = !open;
  }

  scope.on(element, "click", (event) => {
    const clicked = event.target.closest?.("button");
    if (!clicked) return;
    const { code, define, fold: criterion } = clicked.dataset;
    if (criterion) fold(clicked);
    else if (define) onDefine(define);
    else onCode(code);
  });

  return {
    element,
    rekey,
    code: (id) => codes.get(id),
    /** on, fitting: Sets of code ids. */
    show({ on, fitting, locked }) {
      for (const [id, { press }] of rows) {
        put(press, "aria-pressed", String(on.has(id)));
        put(press, "aria-disabled", locked || !fitting.has(id) ? "true" : null);
      }
    },
    /** since: Map code id -> ms that a running one has lasted, or null where the playhead stands before it. */
    showRunning(since) {
      for (const [id, { press, since: box }] of rows) {
        const running = since.has(id);
        put(press, "data-running", running);
        if (box.hidden === running) box.hidden = !running;
        if (running) say(box, texts.runningFor(since.get(id) === null ? "" : clock(since.get(id))));
      }
    },
  };
}
