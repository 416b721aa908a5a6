// The uploader's queue without a browser: `send` is a hand-written fake whose transfers the test ends.
import assert from "node:assert/strict";
import test from "node:test";
import { createQueue, readableSize, refusal, sentenceOf, SENTENCE_OFFLINE } from "../../coding_app/ui/upload/frontend/v1/queue.js";

function aQueue() {
  const seen = { sent: [], settled: [], expired: 0, aborted: [] };
  const send = (item) => {
    const transfer = {};
    transfer.done = new Promise((resolve, reject) => Object.assign(transfer, { resolve, reject }));
    transfer.abort = () => {
      seen.aborted.push(item.name);
      transfer.reject(new Error("aborted"));
    };
    seen.sent.push({ name: item.name, parameters: item.parameters, transfer });
    return transfer;
  };
  const queue = createQueue({
    send, onChange: () => {}, onSettled: (item) => seen.settled.push([item.name, item.state]), onExpired: () => (seen.expired += 1),
  });
  return { queue, seen };
}

const aFile = (name, size = 10) => ({ name, size });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const added = { status: 201, body: '{"recording_id": "r1"}' };

test("files are sent one after the other, each with the choices of its own moment", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav")], { model: "base" }, 10);
  queue.add([aFile("b.wav")], { model: "small" }, 10);
  assert.deepEqual(seen.sent.map((each) => each.name), ["a.wav"]);
  seen.sent[0].transfer.resolve(added);
  await turn();
  assert.deepEqual(seen.sent.map((each) => [each.name, each.parameters.model]), [["a.wav", "base"], ["b.wav", "small"]]);
  assert.equal(queue.items[0].recordingId, "r1");
  assert.deepEqual(seen.settled, [["a.wav", "done"]]);
});

test("a file that was added while its transcription was not is done, says so and is not sent again", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav")], {}, 10);
  seen.sent[0].transfer.resolve({ status: 201, body: '{"recording_id": "r1", "transcription_id": null, "message": "Not transcribed."}' });
  await turn();
  const [item] = queue.items;
  assert.deepEqual([item.state, item.recordingId, item.message], ["done", "r1", "Not transcribed."]);
  queue.retry(item.id);
  assert.equal(seen.sent.length, 1);
});

test("a file whose name looks like a person's is done and keeps the server's hint, the next one has none", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("mueller_anna.wav"), aFile("C-12-03.wav")], {}, 10);
  seen.sent[0].transfer.resolve({ status: 201, body: '{"recording_id": "r1", "hint": "Looks like a name."}' });
  await turn();
  seen.sent[1].transfer.resolve(added);
  await turn();
  assert.deepEqual(queue.items.map((item) => [item.state, item.hint]), [["done", "Looks like a name."], ["done", undefined]]);
});

test("a refused file shows the server's sentence and the next one is sent", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav"), aFile("b.wav")], {}, 10);
  seen.sent[0].transfer.resolve({ status: 400, body: '{"error": "No audio track."}' });
  await turn();
  assert.equal(queue.items[0].message, "No audio track.");
  assert.equal(queue.items[1].state, "sending");
});

test("a token that has run out loses no file: it is sent again with the new one", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav"), aFile("b.wav")], {}, 10);
  seen.sent[0].transfer.resolve({ status: 401, body: "" });
  await turn();
  assert.equal(seen.expired, 1);
  assert.equal(seen.sent.length, 1);
  queue.resume();
  assert.deepEqual(seen.sent.map((each) => each.name), ["a.wav", "a.wav"]);
});

test("a broken connection is told, and trying again sends the file anew", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav")], {}, 10);
  seen.sent[0].transfer.reject(new Error("network"));
  await turn();
  assert.equal(queue.items[0].message, SENTENCE_OFFLINE);
  queue.retry(queue.items[0].id);
  seen.sent[1].transfer.resolve(added);
  await turn();
  assert.equal(queue.items[0].state, "done");
});

test("a cancelled file is aborted once and stays cancelled", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav"), aFile("b.wav")], {}, 10);
  queue.cancel(queue.items[0].id);
  await turn();
  assert.deepEqual(seen.aborted, ["a.wav"]);
  assert.equal(queue.items[0].state, "cancelled");
  assert.equal(queue.items[1].state, "sending");
  assert.deepEqual(seen.settled, []);
});

test("empty and too large files are refused before anything is sent", () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("empty.wav", 0), aFile("large.wav", 3 * 2 ** 20)], {}, 2);
  assert.equal(seen.sent.length, 0);
  assert.match(queue.items[0].message, /0 bytes/);
  assert.match(queue.items[1].message, /2 MB is the most/);
  queue.retry(queue.items[1].id);
  assert.equal(seen.sent.length, 0);
  assert.equal(refusal(aFile("fits.wav", 2 * 2 ** 20), 2), null);
});

test("clearing the list keeps what is still on its way", async () => {
  const { queue, seen } = aQueue();
  queue.add([aFile("a.wav"), aFile("b.wav")], {}, 10);
  seen.sent[0].transfer.resolve(added);
  await turn();
  queue.clear();
  assert.deepEqual(queue.items.map((each) => each.name), ["b.wav"]);
  assert.equal(queue.busy, true);
});

test("sizes are written as people read them, answers that are not ours still make a sentence", () => {
  assert.deepEqual([0, 999, 1500, 12e6, 2.1e9].map(readableSize), ["0 bytes", "999 bytes", "1.5 kB", "12 MB", "2.1 GB"]);
  assert.match(sentenceOf(502, "<html>"), /status 502/);
});
