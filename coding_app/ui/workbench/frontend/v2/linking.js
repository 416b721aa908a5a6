// Links: choosing the earlier moment that this one answers, by key or by mouse, and showing what is linked.

import { button, el } from "./dom.js";
import { EARLIER_SESSION, linksFrom, mayLeadOut, relinked, targets, withLinks } from "./links.js";
import { texts } from "./texts.js";

const BY_DIGIT = 9;

export function openLinking(desk) {
  const { scheme, model, acts, signals, status, scope } = desk;
  if (!scheme.links?.length) return;
  let choice = null; // {unit, code, criterion, options: [key], at, leave}: a target is being chosen
  let arcs = { version: -1, list: [] };

  const part = desk.box.add(nodes);
  desk.act({ link: start });
  desk.marks.add({ id: "links", arcs: arcsNow });
  signals.on("judged", () => desk.marks.redraw());
  signals.on("place", ({ byPerson }) => byPerson && leave());
  signals.on("locked", leave);
  scope.on(part, "click", (event) => {
    const { target, unlink, goto, linkCode, leaveLink } = event.target.closest?.("button")?.dataset ?? {};
    if (target !== undefined) take(Number(target));
    else if (unlink !== undefined) relink(desk.inHand()[0], linkCode, unlink);
    else if (goto !== undefined) desk.visit(goto);
    else if (leaveLink !== undefined) leave();
    else if (linkCode !== undefined) choose(desk.inHand()[0], linkCode);
  });

  /** [{code, criterion, applied}] of a unit that may be linked. */
  const linkable = (unit) => acts.judgementsOf(unit).filter(({ code }) => linksFrom(scheme, code.id).length);

  /** Chooses for the first code in hand that may be linked; asked again, for the next one. */
  function start() {
    const unit = choice?.unit ?? desk.inHand()[0];
    if (!unit || !acts.allowed()) return undefined;
    const codes = linkable(unit).map(({ code }) => code.id);
    if (!codes.length) return status.tell(texts.noLinkHere);
    return choose(unit, codes[(codes.indexOf(choice?.code.id) + 1) % codes.length]);
  }

  function choose(unit, codeId) {
    leave();
    if (!acts.allowed()) return undefined;
    const { code, criterion } = linkable(unit).find((each) => each.code.id === codeId);
    const links = linksFrom(scheme, codeId);
    const found = targets({ judgements: model.all(), links, unit, codeId });
    const options = [...new Set(found.map((each) => each.key)), ...(mayLeadOut(links) ? [EARLIER_SESSION] : [])];
    const wanted = [...new Set(links.flatMap((each) => each.to))];
    if (!options.length) return status.tell(texts.nothingToLink(code.label, wanted.map(desk.labelOf).join(", ")));
    choice = { unit, code, criterion, wanted, options, at: 0, leave: desk.enter({
      previous: () => walk(-1),
      next: () => walk(1),
      replay: () => take(choice.at),
      digit: (digit) => take(Number(digit) - 1),
      close: leave,
    }) };
    desk.tabs.open(desk.tabs.opened() === "moments" ? "moments" : "tag");
    desk.box.redraw();
    part.scrollIntoView({ block: "nearest" });
    status.say(`${texts.linkWhat(code.label, options.length)} ${named(options[0], wanted)}`);
    return undefined;
  }

  function walk(step) {
    choice.at = (choice.at + step + choice.options.length) % choice.options.length;
    desk.box.redraw();
    part.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
    status.say(named(choice.options[choice.at], choice.wanted));
  }

  function take(at) {
    const { unit, code, options } = choice;
    if (options[at] === undefined) return status.tell(texts.noSuchTarget(at + 1));
    leave();
    return relink(unit, code.id, options[at]);
  }

  /** Sets the link, or takes it back when it is there. */
  function relink(unit, codeId, target) {
    const found = linkable(unit).find((each) => each.code.id === codeId);
    const held = found && model.judgement(unit.key, found.criterion.id);
    if (!held) return;
    const links = relinked(linksFrom(scheme, codeId), found.applied.links, target);
    const sentence = (links.includes(target) ? texts.linked : texts.unlinked)(found.code.label, named(target));
    acts.change([{ unit: held.unit, criterion: found.criterion.id, content: withLinks(held, codeId, links) }], sentence);
    desk.box.redraw();
  }

  function leave() {
    if (!choice) return false;
    choice.leave();
    choice = null;
    desk.box.redraw();
    return true;
  }

  function named(key, only = null) {
    if (key === EARLIER_SESSION) return texts.earlierSession;
    const { time, label } = desk.nameOf(key, only);
    return time ? texts.at(label, time) : label;
  }

  function nodes(units) {
    const shown = units.length === 1 ? linkable(units[0]).map((each) => linksOf(each)) : [];
    return choice ? [chooser(), ...shown] : shown;
  }

  function linksOf({ code, applied }) {
    const required = linksFrom(scheme, code.id).some((each) => each.required);
    const chips = applied.links.map((key) => el("span", { class: "link-chip" },
      key === EARLIER_SESSION ? el("span", {}, texts.earlierSession) : button({ class: "link-go", "data-goto": key, title: texts.goThere }, named(key)),
      button({ class: "remove", "data-unlink": key, "data-link-code": code.id, "aria-label": texts.removeLink(named(key)) }, "×")));
    const more = desk.locked() ? null : button({ class: "plain small", "data-link-code": code.id, title: desk.titleOf("link") }, texts.link);
    return el("div", { class: "links", role: "group", "aria-label": texts.linksOf(code.label), "data-open": required && !applied.links.length },
      el("span", { class: "links-name" }, texts.linkedTo), ...(chips.length ? chips : [el("span", { class: "quiet" }, required ? texts.linkNeeded : texts.noLink)]), more);
  }

  function chooser() {
    const { code, options, at, wanted } = choice;
    return el("div", { class: "link-choice" },
      el("p", {}, el("strong", {}, texts.linkWhat(code.label, options.length)), " ", el("span", { class: "quiet" }, texts.linkKeys)),
      el("div", { class: "link-options", role: "group", "aria-label": texts.linkWhat(code.label, options.length) }, ...options.map((key, place) =>
        button({ class: "link-option", "data-target": String(place), "aria-current": String(place === at) },
          el("kbd", { class: "key", "aria-hidden": "true" }, place < BY_DIGIT ? String(place + 1) : "·"), el("span", {}, named(key, wanted))))),
      button({ class: "plain small", "data-leave-link": "" }, texts.close));
  }

  function arcsNow() {
    if (arcs.version === model.version()) return arcs.list;
    const list = [...model.all()].flatMap(({ unit, codes }) => codes.flatMap((applied) => applied.links.flatMap((key) => {
      const target = applied.code === "evidence" ? null : desk.unitOf(key);
      return target ? [{ from_ms: unit.start_ms, to_ms: target.start_ms, label: `${desk.labelOf(applied.code)} → ${named(key)}` }] : [];
    })));
    arcs = { version: model.version(), list };
    return list;
  }
}
