// What Streamlit calls when it mounts the component, and again at every change of data or theme.

import { createApi } from "./api.js";

const loading = import("./workbench.js"); // the modules come while the pass is being read
const instances = new WeakMap(); // parentElement -> instance

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

function createInstance(parent, data, trigger) {
  const api = createApi({ base: data.api, passId: data.pass_id, token: data.token });
  const first = api.bootstrap();
  first.catch(() => {}); // whoever takes it up reports it
  let workbench = null;
  let ended = false;
  loading.then(
    ({ openWorkbench }) => {
      if (!ended) workbench = openWorkbench({ parent, api, first, trigger });
    },
    () => parent.append("The workbench could not be loaded; reload the page. What you coded is kept."),
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
