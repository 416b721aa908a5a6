// The uploader: a place to drop files, and a line with a bar for each. Queues outlive the page they were started on.

import { createQueue, readableSize } from "./queue.js"

const queues = new Map() // study id -> {queue, view}
const instances = new WeakMap() // parent element -> instance

function element(tag, className, text) {
  const made = document.createElement(tag)
  if (className) made.className = className
  if (text !== undefined) made.textContent = text
  return made
}

function sendBy(link) {
  return (item, onProgress) => {
    const request = new XMLHttpRequest()
    const done = new Promise((resolve, reject) => {
      const query = new URLSearchParams({ name: item.name, ...item.parameters })
      request.open("POST", `${link.data.url}?${query}`)
      request.setRequestHeader("Authorization", `Bearer ${link.data.token}`)
      request.setRequestHeader("Content-Type", "application/octet-stream")
      request.upload.onprogress = (event) => onProgress(event.loaded)
      request.onload = () => resolve({ status: request.status, body: request.responseText })
      request.onerror = reject
      request.onabort = reject
      request.send(item.file)
    })
    return { done, abort: () => request.abort() }
  }
}

/** The study's queue, made once; `link` always points at the newest token and at the view that shows it, if any. */
function queueOf(data) {
  if (!queues.has(data.study_id)) {
    const link = { data, view: null }
    link.queue = createQueue({
      send: sendBy(link),
      onChange: () => link.view?.draw(),
      onSettled: (item) => link.view?.tell("finished", item.recordingId ?? `refused-${item.id}`),
      onExpired: () => link.view?.tell("renew", Date.now()),
    })
    window.addEventListener("beforeunload", (event) => {
      if (link.queue.busy) event.preventDefault() // the browser asks before it drops an upload
    })
    queues.set(data.study_id, link)
  }
  return queues.get(data.study_id)
}

const STATES = { waiting: "Waiting", done: "Added", cancelled: "Cancelled" }

function line(item, queue) {
  const row = element("li", `file ${item.state}`)
  const percent = item.size ? Math.min(100, Math.round((100 * item.sent) / item.size)) : 0
  row.append(element("span", "name", item.name), element("span", "size", readableSize(item.size)))
  const sending = percent < 100 ? `${percent} %` : "Checking the recording"
  row.append(element("span", "state", item.state === "sending" ? sending : (STATES[item.state] ?? "")))
  const action = element("span", "action")
  const button = (label, act) => {
    const made = element("button", "quiet", label)
    made.type = "button"
    made.setAttribute("aria-label", `${label}: ${item.name}`)
    made.onclick = act
    action.append(made)
  }
  if (["waiting", "sending"].includes(item.state)) button("Cancel", () => queue.cancel(item.id))
  else if (["failed", "cancelled"].includes(item.state) && !item.final) button("Try again", () => queue.retry(item.id))
  row.append(action)
  if (item.state === "sending") {
    const bar = element("progress", "bar")
    bar.max = 100
    bar.value = percent
    bar.setAttribute("aria-label", `${item.name}: ${percent} %`)
    row.append(bar)
  }
  if (item.message) row.append(element("p", "message", item.message))
  if (item.hint) row.append(element("p", "notice", item.hint))
  return row
}

class Uploader {
  constructor(root, component) {
    this.root = root
    this.input = element("input")
    Object.assign(this.input, { type: "file", multiple: true, accept: "audio/*,video/*,.m4a,.opus,.ogg,.flac,.mkv" })
    this.input.setAttribute("aria-label", "Choose recordings")
    this.choose = element("button", "choose", "Choose files")
    this.choose.type = "button"
    this.hint = element("span", "hint")
    this.zone = element("div", "zone")
    const words = element("div", "words")
    words.append(element("strong", "", "Drop recordings here"), this.hint)
    this.zone.append(words, this.choose, this.input)
    this.list = element("ul", "files")
    this.list.setAttribute("aria-live", "polite")
    this.clear = element("button", "quiet clear", "Clear the list")
    this.clear.type = "button"
    root.replaceChildren(this.zone, this.list, this.clear)
    this.listen()
    this.update(component)
  }

  listen() {
    this.choose.onclick = () => this.input.click()
    this.input.onchange = () => {
      this.add([...this.input.files])
      this.input.value = ""
    }
    this.clear.onclick = () => this.link.queue.clear()
    this.zone.ondragover = (event) => {
      event.preventDefault()
      this.zone.classList.add("over")
    }
    this.zone.ondragleave = () => this.zone.classList.remove("over")
    this.zone.ondrop = (event) => {
      event.preventDefault()
      this.zone.classList.remove("over")
      this.add([...event.dataTransfer.files])
    }
  }

  add(files) {
    if (!this.data.blocked && files.length) this.link.queue.add(files, this.data.parameters, this.data.max_mb)
  }

  update(component) {
    this.data = component.data
    this.setTriggerValue = component.setTriggerValue
    const link = queueOf(this.data)
    if (this.link && this.link !== link) this.link.view = null
    this.link = link
    const renewed = link.data.token !== this.data.token
    link.data = this.data
    link.view = this
    this.zone.classList.toggle("blocked", Boolean(this.data.blocked))
    this.choose.disabled = this.input.disabled = Boolean(this.data.blocked)
    const { max_mb: mb } = this.data
    const limit = mb >= 1024 ? `${+(mb / 1024).toFixed(1)} GB` : `${mb} MB`
    this.hint.textContent = this.data.blocked ?? `WAV, MP3, M4A, MP4, OGG, WebM and more, up to ${limit} each`
    if (renewed) link.queue.resume()
    this.draw()
  }

  draw() {
    const { queue } = this.link
    this.list.replaceChildren(...queue.items.map((item) => line(item, queue)))
    this.clear.hidden = !queue.items.some((item) => !["waiting", "sending"].includes(item.state))
  }

  tell(name, value) {
    this.setTriggerValue(name, value)
  }

  leave() {
    if (this.link.view === this) this.link.view = null
  }
}

export default function (component) {
  const { parentElement } = component
  const root = parentElement.querySelector(".upload")
  const known = instances.get(parentElement)
  if (known && known.root === root) known.update(component)
  else instances.set(parentElement, new Uploader(root, component))
  return () => {
    instances.get(parentElement)?.leave()
    instances.delete(parentElement)
  }
}
