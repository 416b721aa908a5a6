// The side panel for tagging: every code with its key, and below it what this segment has and what is still asked.

import { button, el, keycap, put, say } from "./dom.js";
import { digitsOf } from "./coding.js";
import { clock } from "./time.js";
import { ROLES, texts } from "./texts.js";

export function createPanel({ scheme, scope, onCode, onDefine, onAttribute, onRemove }) {
  const buttons = new Map(); // code id -> button
  const codes = new Map(scheme.criteria.flatMap((criterion) => criterion.codes.map((code) => [code.id, { code, criterion }])));
  const groups = scheme.criteria.map((criterion, place) => group(criterion, place));
  const where = el("span", { class: "segment-where" });
  const judged = el("div", { class: "judged" });
  const segmentBox = el("section", { class: "segment-box", "aria-label": texts.thisSegment },
    el("h3", {}, texts.thisSegment, " ", where), judged);
  const element = el("div", { class: "panel" }, el("div", { class: "codes" }, ...groups), segmentBox);

  function group(criterion, place) {
    const heading = el("h3", { id: `criterion-${criterion.id}` }, criterion.label);
    return el("section", { class: "group", "data-criterion": String(place % 6), "aria-labelledby": heading.id }, heading,
      ...criterion.codes.map(codeRow));
  }

  function codeRow(code) {
    const press = button({ class: "code", "data-code": code.id, "aria-pressed": "false", "aria-keyshortcuts": code.key },
      keycap(code.key), el("span", { class: "code-label" }, code.label));
    const info = button({ class: "info", "data-define": code.id, "aria-label": texts.define(code.label), title: texts.define(code.label) }, "i");
    buttons.set(code.id, press);
    return el("div", { class: "code-row" }, press, info);
  }

  function judgedRow({ applied, code, criterion, asked }) {
    const remove = button({ class: "remove", "data-remove": code.id, "aria-label": texts.remove(code.label), title: texts.remove(code.label) }, "×");
    return el("div", { class: "judged-code", "data-criterion": String(scheme.criteria.indexOf(criterion) % 6) },
      el("div", { class: "judged-head" }, el("span", { class: "judged-label", title: code.label }, code.label), remove),
      ...code.attributes.map((id) => attributeRow(id, code, applied, asked)));
  }

  function attributeRow(id, code, applied, asked) {
    const attribute = scheme.attributes[id];
    const isAsked = asked === id;
    const options = digitsOf(attribute).map((each) => {
      const chosen = applied.attributes[id] === each.value;
      return button({ class: "option", "data-code": code.id, "data-attribute": id, "data-digit": each.digit,
        "aria-pressed": String(chosen), title: each.anchor || null },
        isAsked ? keycap(each.digit) : null, el("span", {}, each.label));
    });
    return el("div", { class: "attribute", "data-asked": isAsked, "data-open": applied.attributes[id] === undefined, role: "group", "aria-label": attribute.label },
      el("span", { class: "attribute-label", title: attribute.label }, attribute.label), el("div", { class: "options" }, ...options));
  }

  scope.on(element, "click", (event) => {
    const pressed = event.target.closest?.("button");
    if (!pressed) return;
    const { code, attribute, digit, define, remove } = pressed.dataset;
    if (define) onDefine(define);
    else if (remove) onRemove(remove);
    else if (attribute) onAttribute(code, attribute, digit);
    else if (code) onCode(code);
  });

  return {
    element,
    /**
     * segment: the current one or null. applied: [{applied, code, criterion}] of the segment whose question is open,
     * or else of the current one. asked: {codeId, attribute} or null. fitting: Set of code ids.
     */
    show({ segment, shown, judgements, asked, fitting, locked }) {
      const on = new Set(judgements.filter(() => segment === shown).map((each) => each.code.id));
      for (const [id, press] of buttons) {
        put(press, "aria-pressed", String(on.has(id)));
        put(press, "aria-disabled", locked || !fitting.has(id) ? "true" : null);
      }
      say(where, shown ? `${clock(shown.start_ms)} · ${ROLES[shown.role] ?? texts.unknownSpeaker}` : "");
      judged.replaceChildren(...(judgements.length
        ? judgements.map((each) => judgedRow({ ...each, asked: asked?.codeId === each.code.id ? asked.attribute : null }))
        : [el("p", { class: "quiet" }, texts.noCode)]));
      put(segmentBox, "data-locked", locked);
    },
    code: (id) => codes.get(id),
  };
}
