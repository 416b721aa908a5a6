// The server's routes, with the token in a header and errors as one sentence.

import { texts } from "./texts.js";

export class ApiError extends Error {
  /** status: the HTTP status, 0 when no answer came. body: the server's JSON or null. */
  constructor(status, message, body = null) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

const VERSION = "X-Coding-App-Version";

export function createApi({ base, passId, token, fetch = (...args) => globalThis.fetch(...args) }) {
  const pass = `${base}/passes/${encodeURIComponent(passId)}`;
  let current = token;
  let version = null; // of the program on the server, as the first answer named it
  let onNewer = null;

  async function ask(url, { method = "GET", body, timeoutMs = 15000 } = {}) {
    const headers = { Authorization: `Bearer ${current}` };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(url, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "same-origin",
        cache: "no-store",
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new ApiError(0, texts.unreachable);
    }
    heed(response.headers?.get(VERSION));
    return answer(response);
  }

  function heed(now) {
    if (!now || now === version) return;
    const known = version !== null;
    version = now;
    if (known) onNewer?.();
  }

  async function answer(response) {
    let body = null;
    try {
      body = await response.json();
    } catch {
      if (response.ok) throw new ApiError(0, texts.cutOff);
    }
    if (!response.ok) throw new ApiError(response.status, body?.error ?? texts.answeredWith(response.status), body);
    return body;
  }

  return {
    setToken(fresh) {
      const changed = fresh !== current;
      current = fresh;
      return changed;
    },
    /** work() is called when the program on the server is another one than at first. */
    whenNewer(work) {
      onNewer = work;
    },
    /** Any other route under the same permission: ask(url, {method, body}). */
    ask,
    bootstrap: () => ask(pass, { timeoutMs: 60000 }),
    sendEvents: (events) => ask(`${pass}/events`, { method: "POST", body: events }),
    ledger: async () => (await ask(`${pass}/events`, { timeoutMs: 60000 })).events,
    keepPreferences: (preferences) => ask(`${pass}/preferences`, { method: "PUT", body: preferences }),
    correct: (segment, text) => ask(`${pass}/corrections`, { method: "POST", body: { segment, text } }),
    bookmarks: () => ask(`${pass}/bookmarks`),
    bookmark: (wanted) => ask(`${pass}/bookmarks`, { method: "PUT", body: wanted }),
    others: (masked) => ask(`${pass}/others${masked ? "?masked=1" : ""}`),
    submit: () => ask(`${pass}/submit`, { method: "POST", body: {} }),

    /** {peaks: Float32Array 0..1, perSecond}, or null while there are none. */
    async peaks(url) {
      try {
        const response = await fetch(url, { credentials: "same-origin" });
        if (!response.ok) return null;
        const bytes = new Int8Array(await response.arrayBuffer());
        const perSecond = Number(response.headers.get("X-Peaks-Per-Second")) || 50;
        return bytes.length ? { peaks: Float32Array.from(bytes, (each) => each / 127), perSecond } : null;
      } catch {
        return null;
      }
    },
  };
}
