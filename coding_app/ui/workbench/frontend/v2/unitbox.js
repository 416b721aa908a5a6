// What is in hand: this segment, this moment or these segments, with its codes, their questions, and what features add to it.

import { button, el, keycap, put, say } from "./dom.js";
import { digitsOf } from "./coding.js";
import { refill } from "./focus.js";
import { texts } from "./texts.js";

/** onAttribute(codeId, attribute, digit), onRemove(codeId): what a click asks for. */
export function createUnitBox({ scheme, scope, onAttribute, onRemove }) {
  const what = el("span", { class: "box-what" }, texts.thisSegment);
  const where = el("span", { class: "segment-where" });
  const judged = el("div", { class: "judged" });
  const parts = []; // {render, box}
  let shown = ""; // keys of what is in hand
  const extras = el("div", { class: "box-parts" });
  const element = el("section", { class: "segment-box", "aria-label": texts.thisSegment }, el("h3", {}, what, " ", where), judged, extras);

  function judgedRow({ applied, code, criterion, n }, nUnits, asked) {
    const remove = button({ class: "remove", "data-remove": code.id, "aria-label": texts.remove(code.label), title: texts.remove(code.label) }, "×");
    return el("div", { class: "judged-code", "data-criterion": String(scheme.criteria.indexOf(criterion) % 6) },
      el("div", { class: "judged-head" }, el("span", { class: "judged-label", title: code.label }, code.label),
        n < nUnits ? el("span", { class: "quiet" }, texts.ofThem(n, nUnits)) : null, remove),
      ...code.attributes.map((id) => attributeRow(id, code, applied, asked)));
  }

  function attributeRow(id, code, applied, asked) {
    const attribute = scheme.attributes[id];
    const isAsked = asked === id;
    const options = digitsOf(attribute).map((each) =>
      button({ class: "option", "data-code": code.id, "data-attribute": id, "data-digit": each.digit,
        "aria-pressed": String(applied.attributes[id] === each.value), title: each.anchor || null },
      isAsked ? keycap(each.digit) : null, el("span", {}, each.label)));
    return el("div", { class: "attribute", "data-asked": isAsked, "data-open": applied.attributes[id] === undefined, role: "group", "aria-label": attribute.label },
      el("span", { class: "attribute-label", title: attribute.label }, attribute.label), el("div", { class: "options" }, ...options));
  }

  scope.on(judged, "click", (event) => {
    const clicked = event.target.closest?.("button");
    if (!clicked) return;
    const { code, attribute, digit, remove } = clicked.dataset;
    if (remove) onRemove(remove);
    else onAttribute(code, attribute, digit);
  });

  return {
    element,
    /** A place below the codes that a feature fills: render(units) gives the nodes to show there. */
    add(render) {
      const box = el("div", { class: "box-part" });
      parts.push({ render, box });
      extras.append(box);
      return box;
    },
    /** judgements: [{applied, code, criterion, n}], n = how many of the units have it. asked: {codeId, attribute} or null. */
    show({ units, title, place, judgements, asked, locked }) {
      say(what, title);
      say(where, place);
      put(element, "aria-label", title);
      refill(judged, judgements.length
        ? judgements.map((each) => judgedRow(each, units.length, asked?.codeId === each.code.id ? asked.attribute : null))
        : [el("p", { class: "quiet" }, units.length ? texts.noCode : "")]);
      for (const { render, box } of parts) refill(box, render(units));
      const about = units.map((each) => each.key).join(" ");
      if (about !== shown) element.scrollTop = 0;
      shown = about;
      put(element, "data-locked", locked);
    },
  };
}
