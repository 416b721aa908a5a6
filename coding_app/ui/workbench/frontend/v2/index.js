// What Streamlit calls when it mounts the component, and again at every change of data or theme.

import { createApi } from "./api.js";
import { SHEETS } from "./styles.js";
import { texts } from "./texts.js";

const loading = import("./workbench.js"); // the modules come while the pass is being read
const instances = new WeakMap(); // parentElement -> instance

/**
 * data: {pass_id, token, api, modules}. modules: the names of all modules; asked for at once, not one after the other as each
 * names the next. It may be left out.
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const known = instances.get(parentElement);
  if (known && known.passId === data.pass_id) {
    known.update(data);
  } else {
    known?.end();
    instances.set(parentElement, createInstance(parentElement, data, setTriggerValue));
  }
  return () => {
    instances.get(parentElement)?.end();
    instances.delete(parentElement);
  };
}

function askAhead(modules) {
  if (document.head.querySelector("link[data-workbench]")) return;
  const link = (attributes) => Object.assign(document.createElement("link"), attributes);
  const at = (name) => new URL(`./${name}`, import.meta.url).href;
  const links = [...modules.map((name) => link({ rel: "modulepreload", href: at(name) })), ...SHEETS.map((name) => link({ rel: "preload", as: "style", href: at(name) }))];
  for (const each of links) each.dataset.workbench = "";
  document.head.append(...links);
}

function createInstance(parent, data, trigger) {
  const api = createApi({ base: data.api, passId: data.pass_id, token: data.token });
  const first = api.bootstrap();
  first.catch(() => {}); // whoever takes it up reports it
  askAhead(data.modules ?? []); // after the pass, which takes the server longest
  let workbench = null;
  let ended = false;
  loading.then(
    ({ openWorkbench }) => {
      if (!ended) workbench = openWorkbench({ parent, api, first, trigger });
    },
    () => parent.append(texts.notLoaded),
  );
  return {
    passId: data.pass_id,
    update(fresh) {
      const changed = api.setToken(fresh.token);
      workbench?.update(changed);
    },
    end() {
      ended = true;
      workbench?.end();
    },
  };
}
