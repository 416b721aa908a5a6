// Two tabs of the same observer on the same pass see each other's codes; the server counts each event once anyway.

export function listenToOtherTabs({ passId, scope, onEvent }) {
  if (!globalThis.BroadcastChannel) return { send() {} };
  const channel = new BroadcastChannel(`coding-app-pass-${passId}`);
  scope.own(() => channel.close());
  scope.on(channel, "message", (message) => onEvent(message.data));
  return { send: (event) => channel.postMessage(event) };
}
