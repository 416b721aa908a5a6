// When the recording cannot be played: why, in one sentence, and what brings it back.

import { texts } from "./texts.js";

const AGAIN_AFTER_MS = 10_000; // one try of our own per so long
const RENEW = new Set([401, 403]);
const GONE = new Set([404, 410]);
const OFF_BY_MS = 1000; // a file whose length the browser misjudges by more than this cannot be searched exactly
const OFF_BY_SHARE = 0.005;

/**
 * failed(wanted): the media element gave up. The permission that ran out is renewed and the recording goes on by itself; else the
 * observer is told, and playing again tries again (player.play). Coding needs none of it.
 */
export function createRescue({ player, mediaUrl, durationMs, renew, status, root, scope }) {
  let triedAt = -AGAIN_AFTER_MS;
  let busy = false;
  let wanted = false; // it was playing when it broke

  const forget = () => root.querySelector('.notice[data-id="media"]')?.remove();
  const tell = (sentence) => {
    forget();
    status.notice(sentence, "media");
  };

  async function answer() {
    try {
      const response = await globalThis.fetch(mediaUrl, { headers: { Range: "bytes=0-0" }, credentials: "same-origin", cache: "no-store" });
      await response.body?.cancel();
      return response.status;
    } catch {
      return 0;
    }
  }

  async function bring() {
    let found = await answer();
    if (RENEW.has(found)) {
      await renew().catch(() => {});
      found = await answer();
    }
    const again = found > 0 && found < 400 && performance.now() - triedAt > AGAIN_AFTER_MS;
    if (!again) return tell(GONE.has(found) ? texts.mediaGone : found === 0 || found >= 400 ? texts.mediaFailed : texts.mediaBroken);
    triedAt = performance.now();
    player.reload();
    if (wanted) player.play();
    return undefined;
  }

  scope.on(player.media, "playing", forget);
  scope.on(player.media, "loadedmetadata", () => {
    const off = Math.abs(player.media.duration * 1000 - durationMs);
    if (Number.isFinite(off) && off > Math.max(OFF_BY_MS, OFF_BY_SHARE * durationMs)) status.notice(texts.mediaInexact, "inexact");
  });
  return {
    async failed(wasWanted) {
      wanted = wasWanted;
      if (busy) return;
      busy = true;
      await bring();
      busy = false;
    },
  };
}
