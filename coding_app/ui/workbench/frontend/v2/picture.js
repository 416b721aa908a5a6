// The picture of a video recording: a pane over the workbench that can be moved, resized and put away; it is the player's own element.

import { button, el, put } from "./dom.js";
import { createMemory } from "./memory.js";
import { within } from "./time.js";
import { texts } from "./texts.js";
import { iconButton } from "./transport.js";

const STEP_PX = 20;
const SMALLEST_PX = 140;
const USUAL = { width: 320, height: 214 };
const GAP_PX = 12;

export function openPicture(desk) {
  if (!desk.recording.has_video) return;
  const { scope, root, player } = desk;
  const hide = button({ class: "remove", "aria-label": texts.hidePicture }, "×");
  const bar = el("div", { class: "picture-bar", tabindex: "0", role: "group", "aria-label": texts.pictureBar }, el("span", { "aria-hidden": "true" }, texts.picture), hide);
  const pane = el("section", { class: "picture", "aria-label": texts.picture }, bar, player.media);
  const shown = iconButton(desk, "video", texts.picture, { "aria-pressed": "true" });
  desk.slots.over.append(pane);
  desk.slots.bar.append(shown);
  const lies = { right: GAP_PX, bottom: GAP_PX, ...USUAL, shown: true }; // from the lower right corner, in px
  const memory = createMemory({ name: "coding-app-picture", scope, now: () => lies });
  for (const [name, usual] of Object.entries(lies)) if (typeof memory.kept[name] === typeof usual) lies[name] = memory.kept[name];
  let leave = null;

  const fit = scope.beforePaint(() => {
    const [wide, tall] = [root.clientWidth, root.clientHeight];
    lies.width = within(lies.width, SMALLEST_PX, Math.max(SMALLEST_PX, wide - 2 * GAP_PX));
    lies.height = within(lies.height, SMALLEST_PX, Math.max(SMALLEST_PX, tall - 2 * GAP_PX));
    lies.right = within(lies.right, 0, Math.max(0, wide - lies.width));
    lies.bottom = within(lies.bottom, 0, Math.max(0, tall - lies.height));
    pane.style.width = `${lies.width}px`;
    pane.style.height = `${lies.height}px`;
    // Placed from the left and top, so that the browser's own resizing at the lower right corner feels right.
    pane.style.left = `${wide - lies.right - lies.width}px`;
    pane.style.top = `${tall - lies.bottom - lies.height}px`;
    put(pane, "hidden", !lies.shown);
    put(shown, "aria-pressed", String(lies.shown));
  });

  function move(right, down) {
    lies.right -= right;
    lies.bottom -= down;
    fit();
    memory.keep();
  }

  function grow(wider, taller) {
    lies.width += wider;
    lies.height += taller;
    move(wider, taller);
  }

  function toggle() {
    lies.shown = !lies.shown;
    fit();
    memory.keep();
    desk.status.say(lies.shown ? texts.pictureShown : texts.pictureHidden);
  }

  desk.act({ video: toggle });
  scope.on(hide, "click", () => desk.run("video"));
  scope.on(player.media, "click", () => desk.run("toggle"));
  scope.on(bar, "focus", () => {
    leave = desk.enter({
      back: () => move(-STEP_PX, 0), forward: () => move(STEP_PX, 0), previous: () => move(0, -STEP_PX), next: () => move(0, STEP_PX),
      nudgeBack: () => grow(-STEP_PX, 0), nudgeForward: () => grow(STEP_PX, 0), extendUp: () => grow(0, -STEP_PX), extendDown: () => grow(0, STEP_PX),
      close: () => root.focus(),
    });
  });
  scope.on(bar, "blur", () => leave?.());

  let from = null; // where the mouse holds the bar
  scope.on(bar, "pointerdown", (event) => {
    if (event.button !== 0 || hide.contains(event.target)) return;
    bar.setPointerCapture(event.pointerId);
    from = { x: event.clientX, y: event.clientY };
  });
  scope.on(bar, "pointermove", (event) => {
    if (!from) return;
    move(event.clientX - from.x, event.clientY - from.y);
    from = { x: event.clientX, y: event.clientY };
  });
  for (const end of ["pointerup", "pointercancel"]) scope.on(bar, end, () => (from = null));
  scope.observe(new ResizeObserver(() => {
    // The corner was pulled: the right and lower edge went along.
    const [wider, taller] = [pane.offsetWidth - lies.width, pane.offsetHeight - lies.height];
    if (pane.hidden || (!wider && !taller)) return;
    grow(wider, taller);
  }), pane);
  scope.observe(new ResizeObserver(fit), root);
  fit();
}
