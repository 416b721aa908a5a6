// Files on their way to the server, one at a time. No DOM: `send` is handed in.

export const SENTENCE_OFFLINE = "The connection broke off before the file had arrived. Try again."
export const SENTENCE_EMPTY = "The file is empty (0 bytes). Export the recording again."

/** "1.4 GB", "12 MB", "3 kB" as people read a size; bytes >= 0. */
export function readableSize(bytes) {
  for (const [unit, size] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]]) {
    if (bytes >= size) return `${(bytes / size).toFixed(bytes / size < 10 ? 1 : 0)} ${unit}`
  }
  return `${bytes} bytes`
}

/** Why this file cannot be sent at all, or null. */
export function refusal(file, maxMb) {
  if (file.size === 0) return SENTENCE_EMPTY
  if (file.size > maxMb * 2 ** 20) {
    return `The file has ${readableSize(file.size)}; ${maxMb.toLocaleString("en")} MB is the most this server takes.`
  }
  return null
}

/** The sentence of a refused answer; servers answer {"error": sentence}. */
export function sentenceOf(status, body) {
  try {
    const { error } = JSON.parse(body)
    if (error) return error
  } catch {
    // not ours: fall through to the plain sentence
  }
  return `The server could not take the file (status ${status}). Try again.`
}

/**
 * A queue of files.
 * send(item, onProgress) -> {done: Promise<{status, body}>, abort()}; done rejects when the connection breaks.
 * onChange() after every change; onSettled(item) when a file has arrived or failed; onExpired() when a new token is
 * needed: the file waits until resume().
 */
export function createQueue({ send, onChange, onSettled, onExpired }) {
  const items = []
  let current = null
  let paused = false
  let nextId = 1

  function settle(item, state, message = "") {
    Object.assign(item, { state, message })
    current = null
    onChange()
    if (state !== "cancelled") onSettled(item)
    pump()
  }

  async function transmit(item) {
    try {
      const { status, body } = await item.transfer.done
      if (item.state === "cancelled") return
      if (status === 401) {
        Object.assign(item, { state: "waiting", sent: 0 })
        current = null
        paused = true
        onChange()
        onExpired()
      } else if (status === 201) {
        // message: it was added, but it is not being transcribed; hint: its name looks like a person's
        const { recording_id: id, message, hint } = JSON.parse(body)
        Object.assign(item, { recordingId: id, hint })
        settle(item, "done", message)
      } else {
        settle(item, "failed", sentenceOf(status, body))
      }
    } catch {
      if (item.state !== "cancelled") settle(item, "failed", SENTENCE_OFFLINE)
    }
  }

  function pump() {
    if (current || paused) return
    const item = items.find((each) => each.state === "waiting")
    if (!item) return
    current = item
    item.state = "sending"
    item.transfer = send(item, (sent) => {
      item.sent = sent
      onChange()
    })
    onChange()
    transmit(item)
  }

  return {
    items,
    get busy() {
      return items.some((each) => each.state === "waiting" || each.state === "sending")
    },
    add(files, parameters, maxMb) {
      for (const file of files) {
        const message = refusal(file, maxMb)
        items.push({
          id: nextId++, file, name: file.name, size: file.size, parameters, sent: 0,
          state: message ? "failed" : "waiting", message: message ?? "", final: Boolean(message),
        })
      }
      onChange()
      pump()
    },
    cancel(id) {
      const item = items.find((each) => each.id === id)
      if (!item || !["waiting", "sending"].includes(item.state)) return
      const wasCurrent = item === current
      item.state = "cancelled"
      if (wasCurrent) {
        item.transfer.abort()
        settle(item, "cancelled")
      } else onChange()
    },
    retry(id) {
      const item = items.find((each) => each.id === id)
      if (!item || item.final || !["failed", "cancelled"].includes(item.state)) return
      Object.assign(item, { state: "waiting", sent: 0, message: "" })
      onChange()
      pump()
    },
    clear() {
      const kept = items.filter((each) => each.state === "waiting" || each.state === "sending")
      items.splice(0, items.length, ...kept)
      onChange()
    },
    resume() {
      if (!paused) return
      paused = false
      pump()
    },
  }
}
