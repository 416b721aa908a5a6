// What Streamlit calls when it mounts the transcript editor, and again at every change of data or theme.

import { createApi } from "../api.js";
import { speak } from "../texts.js";
import { openEditor } from "./editor.js";

const instances = new WeakMap(); // parentElement -> {recordingId, api, editor}

/** data: {recording_id, token, api, language}. */
export default function mount({ parentElement, data, setTriggerValue }) {
  const known = instances.get(parentElement);
  if (known && known.recordingId === data.recording_id) {
    known.api.setToken(data.token);
    known.editor.renewed();
  } else {
    known?.editor.end();
    speak(data.language);
    const api = createApi({ base: data.api, passId: "", token: data.token });
    const editor = openEditor({ parent: parentElement, api, url: `${data.api}/recordings/${encodeURIComponent(data.recording_id)}`, recordingId: data.recording_id, trigger: setTriggerValue });
    instances.set(parentElement, { recordingId: data.recording_id, api, editor });
  }
  return () => {
    instances.get(parentElement)?.editor.end();
    instances.delete(parentElement);
  };
}
