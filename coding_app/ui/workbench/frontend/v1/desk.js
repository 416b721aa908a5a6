// The open workbench: puts player, transcript, codes and ratings together and lets keys and clicks act on them.

import { createActs } from "./acts.js";
import { fits } from "./coding.js";
import { button, el, put, say } from "./dom.js";
import { codesByKey } from "./keys.js";
import { listenToKeys } from "./keyboard.js";
import { createTabs, createTransport, fillWindow } from "./layout.js";
import { createCard, createHelp, createSubmit } from "./overlays.js";
import { createOverview } from "./overview.js";
import { createPanel } from "./panel.js";
import { createPlayer } from "./player.js";
import { createRatings } from "./ratings.js";
import { listenToOtherTabs } from "./tabs.js";
import { createColours } from "./theme.js";
import { clock, indexAt, within } from "./time.js";
import { texts } from "./texts.js";
import { createTranscript } from "./transcript.js";
import { openWaveform, rememberPosition } from "./media.js";

const STEP_MS = 2000;

export function openDesk({ root, boot, api, model, outbox, status, scope, withRenewal, submitted }) {
  const { recording, scheme } = boot;
  const segments = boot.transcript.segments;
  const placeOf = new Map(segments.map((each, index) => [each.key, index]));
  const colours = createColours(root);
  let submittedAt = boot.pass.submitted_at;
  let current = segments.length ? 0 : -1;
  let waveform = null;

  const others = listenToOtherTabs({ passId: boot.pass.id, scope, onEvent: received });
  const acts = createActs({
    passId: boot.pass.id,
    scheme,
    model,
    locked: () => submittedAt !== null,
    changed: drawUnit,
    tell: status.tell,
    say: status.say,
    send(event) {
      outbox.add(event);
      others.send(event);
    },
  });

  // ---- the parts
  const media = el(recording.has_video ? "video" : "audio", { class: "media", preload: "auto", src: recording.media_url, playsinline: true });
  const transport = createTransport();
  const overview = createOverview({
    segments, durationMs: recording.duration_ms, scope, colours, onSeek: seek,
    tagged: () => [...model.all()].filter((each) => placeOf.has(each.unit.key)),
  });
  const transcript = createTranscript({ segments, scope, chipsOf, onChoose: (index) => choose(index) });
  const card = createCard({ scope, scheme });
  const panel = createPanel({
    scheme, scope,
    onCode: (id) => acts.pressCode(panel.code(id), segments[current]),
    onDefine: card.show,
    onAttribute: (code, attribute, digit) => acts.answerTo(code, attribute, digit, shownSegment()),
    onRemove: (id) => acts.remove(id, shownSegment()),
  });
  const forms = ["interval", "session"].flatMap((kind) => {
    const units = boot.units.filter((unit) => unit.kind === kind);
    const ratings = scheme.ratings.filter((rating) => rating.unit_kind === kind);
    if (!units.length || !ratings.length) return [];
    const form = createRatings({ kind, units, ratings, scope, judgementOf: model.judgement, mayNotApply, onRate: acts.rate, onSeek: seek });
    return [{ id: kind, label: kind === "interval" ? texts.blocks : texts.session, element: form.element, form }];
  });
  const tabs = createTabs({ scope, tabs: [{ id: "tag", label: texts.tag, element: panel.element }, ...forms], onOpen: card.hide });
  const help = createHelp({ scope, scheme });
  const submit = createSubmit({ scope, waiting: outbox.waiting, submit: trySubmit, onGap: goTo });
  const helpButton = button({ class: "plain", title: `${texts.help}  (?)` }, texts.help);
  const submitButton = button({ class: "strong" }, texts.submit);
  const waveBox = el("div", { class: "wave" });

  const player = createPlayer({
    media, durationMs: recording.duration_ms, scope, onTime: moved,
    onState({ playing, rate }) {
      transport.showPlaying(playing);
      say(transport.rate, texts.speed(rate));
    },
    onProblem: () => status.notice(texts.mediaFailed, "media"),
  });
  build();

  function build() {
    say(transport.length, clock(recording.duration_ms));
    root.append(
      el("header", { class: "bar" },
        el("h2", { class: "title" }, recording.label, el("span", { class: "title-name" }, boot.pass.coder)),
        transport.element, el("span", { class: "bar-space" }), status.element, helpButton, submittedAt ? null : submitButton),
      status.notices,
      el("div", { class: "body" },
        el("div", { class: "main" }, el("div", { class: "player" }, waveBox, overview.element), transcript.element, status.hint),
        el("div", { class: "side" }, recording.has_video ? media : null, tabs.bar, el("div", { class: "pages" }, ...tabs.pages, card.element))),
      status.voice, help.element, submit.element);
    if (submittedAt) lock();
    // A click leaves the focus where it was, so that Space still plays after clicking a code.
    scope.on(root, "mousedown", (event) => event.target.closest?.("button") && event.preventDefault());
    scope.on(helpButton, "click", help.toggle);
    scope.on(submitButton, "click", submit.ask);
    scope.on(transport.element, "click", (event) => {
      const act = event.target.closest?.("[data-act]")?.dataset.act;
      if (act) run({ kind: act });
    });
    listenToKeys({
      scope, codes: codesByKey(scheme), run,
      onScreen: () => root.isConnected && root.getClientRects().length > 0,
      busy: () => help.element.open || submit.element.open,
    });
    fillWindow({ element: root, scope });
    openWaveform({ box: waveBox, media, recording, api, scope, colours, onSeek: seek }).then((found) => {
      waveform = found;
    });
    drawRatings();
    const start = rememberPosition({ passId: boot.pass.id, scope, position: player.position, durationMs: recording.duration_ms });
    if (start > 0) player.seek(start);
    select(Math.max(0, indexAt(segments, start)), true);
  }

  // ---- where we are
  function shownSegment() {
    return acts.asked()?.segment ?? segments[current];
  }

  function select(index, byPerson) {
    if (!segments.length) return;
    if (byPerson) acts.skip();
    current = index;
    transcript.select(index, byPerson);
    drawPanel();
  }

  function choose(index) {
    if (!segments.length) return;
    const target = within(index, 0, segments.length - 1);
    select(target, true);
    player.seek(segments[target].start_ms);
  }

  function seek(ms) {
    player.seek(ms);
    const index = Math.max(0, indexAt(segments, ms));
    if (index !== current) select(index, true);
  }

  function moved(ms) {
    say(transport.time, clock(ms, { tenths: true }));
    overview.move(ms);
    if (!player.playing()) return;
    for (const each of forms) each.form.mark(ms);
    const index = indexAt(segments, ms);
    if (index >= 0 && index !== current) select(index, false);
  }

  // ---- what is shown
  function chipsOf(segment) {
    return acts.judgementsOf(segment).map(({ applied, code, criterion }) => ({
      criterionIndex: scheme.criteria.indexOf(criterion),
      key: code.key,
      label: code.label,
      details: code.attributes.filter((id) => applied.attributes[id] !== undefined)
        .map((id) => String(applied.attributes[id])).join(" · "),
      open: code.attributes.some((id) => scheme.attributes[id].required && applied.attributes[id] === undefined),
    }));
  }

  function drawUnit(unit) {
    const index = placeOf.get(unit.key);
    if (index !== undefined) {
      transcript.refresh(index);
      overview.redraw();
      drawPanel();
    }
    drawRatingsSoon();
  }

  function drawPanel() {
    const segment = segments[current];
    if (!segment) return;
    const shown = shownSegment();
    const asked = acts.asked();
    const fitting = new Set(scheme.criteria.flatMap((criterion) => criterion.codes.filter((code) => fits(code, segment.role)).map((code) => code.id)));
    panel.show({
      segment, shown, fitting, locked: submittedAt !== null,
      judgements: acts.judgementsOf(shown),
      asked: asked ? { codeId: asked.code.id, attribute: asked.attribute } : null,
    });
  }

  function drawRatings() {
    for (const each of forms) {
      each.form.refresh();
      const open = each.form.open();
      tabs.count(each.id, open && !submittedAt ? String(open) : "");
    }
  }
  const drawRatingsSoon = scope.beforePaint(drawRatings);

  function mayNotApply(rating) {
    return Boolean(rating.not_applicable_if_no?.length)
      && ![...model.all()].some((each) => each.codes.some((applied) => rating.not_applicable_if_no.includes(applied.code)));
  }

  // ---- what is done
  function run(action) {
    const segment = segments[current];
    const table = {
      toggle: player.toggle,
      replay: () => segment && player.playSpan(segment),
      previous: () => choose(current - 1),
      next: () => choose(current + 1),
      back: () => seek(within(player.position() - STEP_MS, 0, recording.duration_ms)),
      forward: () => seek(within(player.position() + STEP_MS, 0, recording.duration_ms)),
      slower: () => status.say(texts.speed(player.changeRate(-1))),
      faster: () => status.say(texts.speed(player.changeRate(1))),
      zoomIn: () => waveform?.zoomBy(1),
      zoomOut: () => waveform?.zoomBy(-1),
      help: help.toggle,
      undo: () => revisit(acts.travel("undo")),
      redo: () => revisit(acts.travel("redo")),
      close,
      code: () => acts.pressCode(action, segment),
      define: () => card.show(action.code.id),
      digit: () => acts.digit(action.digit, segment),
    };
    return table[action.kind]?.();
  }

  /** False when there was nothing to close: then Escape is for whoever else wants it. */
  function close() {
    const open = card.isOpen();
    if (open) card.hide();
    else if (!acts.skip()) return false;
    drawPanel();
    return true;
  }

  /** After undo or redo the person sees where it happened; the player stays where it is. */
  function revisit(unit) {
    const index = unit ? placeOf.get(unit.key) : undefined;
    if (index !== undefined && !player.playing()) select(index, true);
  }

  function goTo(gap) {
    const index = placeOf.get(gap.unit);
    const rated = forms.find(({ form }) => form.has(gap.unit, gap.criterion));
    tabs.open(rated ? rated.id : "tag");
    if (rated) rated.form.reveal(gap.unit, gap.criterion);
    else if (index !== undefined) {
      choose(index);
      acts.reopen(segments[index]);
      drawPanel();
    }
  }

  async function trySubmit(wanted) {
    if (!(await outbox.empty())) return { error: texts.closed(outbox.waiting()) };
    try {
      const { submitted_at } = await withRenewal(() => (wanted() ? api.submit() : {}));
      if (!submitted_at) return {}; // the person went on coding meanwhile
      submittedAt = submitted_at;
      lock();
      status.tell(texts.submitted);
      drawPanel();
      drawRatings();
      submitted();
      return { ok: true };
    } catch (error) {
      return error.body?.gaps?.length ? { gaps: error.body.gaps } : { error: error.message };
    }
  }

  function lock() {
    put(root, "data-locked", "true");
    submitButton.remove();
    status.lock();
  }

  function received(event) {
    if (model.knows(event.id)) return;
    model.add(event);
    drawUnit(event.unit);
  }

  return {
    /** The server will never take this event: what it said is taken back, and the person is told. */
    refused(event, why) {
      model.drop(event.id);
      drawUnit(event.unit);
      const what = [...scheme.criteria, ...scheme.ratings].find((each) => each.id === event.criterion)?.label ?? event.criterion;
      status.notice(texts.refused(`${what} at ${clock(event.unit.start_ms)}`, why), event.id);
    },
    restyle: scope.beforePaint(() => {
      waveform?.recolour();
      overview.redraw();
    }),
  };
}
