// Rating: a form for each kind of unit that has ratings, blocks and the session, each under a tab of its own.

import { actionButton } from "./desk.js";
import { button, el, say } from "./dom.js";
import { createRatings } from "./ratings.js";
import { texts } from "./texts.js";

const JUST_PASSED_MS = 1500; // a jump over the end of a block is not its end

/** Gives the desk: rating {active(), isActive(unit, rating)}. */
export function openRating(desk) {
  const { scheme, scope, model, acts, signals, root } = desk;
  let active = null; // {unit, rating}: what evidence is attached to
  let before = 0; // where the playhead was
  let ended = null; // the block whose rating is offered
  const forms = ["interval", "session"].flatMap((kind) => {
    const units = desk.units.filter((unit) => unit.kind === kind);
    const ratings = scheme.ratings.filter((rating) => rating.unit_kind === kind);
    if (!units.length || !ratings.length) return [];
    const form = createRatings({
      kind, units, ratings, scope, judgementOf: model.judgement, mayNotApply, onRate: acts.rate, onSeek: desk.seek, onActive: activate,
      evidenceOf: (unit, rating) => [...(desk.evidence?.nodes(unit, rating) ?? []), ...(desk.ratingsBeside?.(unit, rating) ?? [])],
      remarksOf: (unit) => desk.remarks?.nodes([unit]) ?? [],
    });
    desk.tabs.add({ id: kind, label: kind === "interval" ? texts.blocks : texts.session, element: form.element });
    return [{ id: kind, form, units }];
  });
  const blocks = forms.find((each) => each.id === "interval");
  const banner = createBanner();

  desk.rating = {
    /** {unit, rating} that was focused or chosen last, or null. */
    active: () => active,
    isActive: (unit, rating) => active?.unit === unit && active.rating === rating,
  };
  desk.act({ rateBlock: () => enterBlock(ended ?? blockBefore(desk.player.position())) });
  const drawSoon = scope.beforePaint(draw);
  signals.on("judged", drawSoon);
  signals.on("locked", drawSoon);
  signals.on("compared", drawSoon);
  signals.on("tab", draw);
  signals.on("place", () => active && drawSoon());
  signals.on("hand", () => active && drawSoon());
  signals.on("time", (ms) => {
    for (const each of forms) each.form.mark(ms);
    if (desk.player.playing()) offer(ms);
    before = ms;
  });
  signals.on("opened", draw);
  for (const { form } of forms) {
    scope.on(form.element, "keydown", (event) => {
      if (event.key !== "Escape") return;
      desk.tabs.open("tag");
      root.focus({ preventScroll: true });
    });
  }
  desk.reveals((unitKey, ratingId) => {
    const found = forms.find(({ form }) => form.has(unitKey, ratingId));
    if (!found) return false;
    desk.tabs.open(found.id);
    found.form.reveal(unitKey, ratingId);
    return true;
  });

  function activate(unit, rating) {
    if (desk.rating.isActive(unit, rating)) return;
    active = { unit, rating };
    for (const each of forms) each.form.activate(unit.key, rating.id);
    drawSoon();
  }

  function draw() {
    for (const each of forms) {
      if (desk.tabs.opened() === each.id) each.form.refresh();
      const open = each.form.open();
      desk.tabs.count(each.id, open && !desk.locked() ? String(open) : "");
    }
    if (ended && !blocks.form.openOf(ended.key)) banner.hide();
  }

  /** A block whose end the recording has just passed is offered to be rated, without stopping anything. */
  function offer(ms) {
    if (!blocks || desk.locked() || ms < before || ms - before > JUST_PASSED_MS) return;
    const over = blocks.units.find((each) => each.end_ms > before && each.end_ms <= ms);
    if (over && blocks.form.openOf(over.key)) banner.show(over);
  }

  function blockBefore(ms) {
    const over = blocks?.units.filter((each) => each.end_ms <= ms).at(-1);
    return over ?? blocks?.units[0];
  }

  function enterBlock(block) {
    if (!block) return desk.status.tell(texts.noBlocks);
    banner.hide();
    desk.tabs.open(blocks.id);
    return blocks.form.enter(block.key);
  }

  function createBanner() {
    const words = el("span", {});
    const close = button({ class: "remove", "aria-label": texts.close }, "×");
    const element = el("div", { class: "block-banner", role: "group", "aria-label": texts.blocks, hidden: true },
      words, actionButton(desk, "rateBlock", texts.rateNow, { class: "strong" }), close);
    desk.slots.main.append(element);
    const hide = () => {
      ended = null;
      element.hidden = true;
    };
    scope.on(close, "click", hide);
    return {
      hide,
      show(block) {
        ended = block;
        say(words, texts.blockEnded(block.label));
        element.hidden = false;
        desk.status.say(texts.blockEnded(block.label));
      },
    };
  }

  /** Whether none of the codes that a rating is about was given inside its unit: as in coding_app/domain/gaps.py. */
  function mayNotApply(rating, unit) {
    const about = rating.not_applicable_if_no ?? [];
    const inside = ({ start_ms }) => unit.start_ms <= start_ms && start_ms < Math.max(unit.end_ms, 1);
    return about.length > 0 && ![...model.all()].some((each) => inside(each.unit) && each.codes.some((applied) => about.includes(applied.code)));
  }
}
