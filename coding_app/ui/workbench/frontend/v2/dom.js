// Making elements; text goes in as text only, never as markup.

/** el("button", {class: "code", "aria-pressed": "false"}, "text", child, ...); null and false attributes are left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((each) => each !== null && each !== undefined));
  return element;
}

/** Sets an attribute only when it changes, so that nothing is laid out again for nothing. */
export function put(element, name, value) {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function button(attributes, ...children) {
  return el("button", { type: "button", ...attributes }, ...children);
}

export function keycap(key) {
  return el("kbd", { class: "key", "aria-hidden": "true" }, key.length === 1 ? key.toUpperCase() : key);
}
