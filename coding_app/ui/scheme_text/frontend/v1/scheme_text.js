// A field for the text of a scheme: line numbers, marked faults, and what is typed sent when the typing rests.

const RESTS_AFTER_MS = 500;
const INDENT = "  ";
const instances = new WeakMap(); // parentElement -> instance

/** data: {text, revision, faults: [[line, sentence], ...]}. Sends "typed" {text, revision}. */
export default function mount({ parentElement, data, setStateValue }) {
  if (!instances.has(parentElement)) instances.set(parentElement, createField(parentElement));
  const field = instances.get(parentElement);
  field.update(data, setStateValue);
  return () => {
    field.end();
    instances.delete(parentElement);
  };
}

function createField(parent) {
  const host = parent.querySelector(".scheme-text");
  const gutter = make("div", { class: "gutter", "aria-hidden": "true" });
  const area = make("textarea", { spellcheck: "false", wrap: "off", autocomplete: "off", autocapitalize: "off", "aria-label": "Text of the scheme", dir: "ltr" });
  const list = make("ul", { class: "faults", role: "status" });
  host.replaceChildren(make("div", { class: "sheet" }, gutter, area), list);
  let revision = null;
  let send = () => {};
  let timer = null;
  let nLines = 0;
  let faultLines = new Set();

  const listeners = [
    [area, "input", () => { number(); later(); }],
    [area, "scroll", () => { gutter.scrollTop = area.scrollTop; }],
    [area, "blur", now],
    [area, "keydown", indent],
    [list, "click", goTo],
  ];
  for (const [target, type, work] of listeners) target.addEventListener(type, work);

  function later() {
    globalThis.clearTimeout(timer);
    timer = globalThis.setTimeout(now, RESTS_AFTER_MS);
  }

  function now() {
    if (timer === null) return;
    globalThis.clearTimeout(timer);
    timer = null;
    send("typed", { text: area.value, revision });
  }

  /** Tab writes two spaces, as YAML wants them; Escape and then Tab leaves the field. */
  function indent(event) {
    if (event.key === "Escape") area.dataset.leaves = "true";
    else if (event.key === "Tab" && !event.shiftKey && !area.dataset.leaves) {
      event.preventDefault();
      area.setRangeText(INDENT, area.selectionStart, area.selectionEnd, "end");
      number();
      later();
    } else if (event.key !== "Shift") delete area.dataset.leaves;
  }

  function number(anew = false) {
    const n = area.value.split("\n").length;
    if (n === nLines && !anew) return;
    nLines = n;
    gutter.replaceChildren(...Array.from({ length: n }, (_, index) =>
      make("div", faultLines.has(index + 1) ? { class: "faulty" } : {}, String(index + 1))), make("div", { class: "below" }));
    gutter.scrollTop = area.scrollTop;
  }

  function goTo(event) {
    const line = Number(event.target.closest?.("[data-line]")?.dataset.line);
    if (!line) return;
    const before = area.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const end = area.value.indexOf("\n", before);
    area.focus();
    area.setSelectionRange(before, end < 0 ? area.value.length : end);
    area.scrollTop = Math.max(0, (line - 6) * area.scrollHeight / nLines);
  }

  function showFaults(faults) {
    faultLines = new Set(faults.map(([line]) => line));
    list.replaceChildren(...faults.map(([line, sentence]) => make("li", {},
      make("button", { type: "button", "data-line": String(line) }, make("b", {}, `Line ${line}`), " ", make("bdi", {}, sentence)))));
    number(true);
  }

  return {
    update(data, setStateValue) {
      send = setStateValue;
      if (data.revision !== revision) {
        revision = data.revision;
        globalThis.clearTimeout(timer);
        timer = null;
        if (area.value !== data.text) area.value = data.text;
      }
      showFaults(data.faults);
    },
    end() {
      now();
      for (const [target, type, work] of listeners) target.removeEventListener(type, work);
    },
  };
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
