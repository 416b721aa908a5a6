// Media keys of keyboards and foot pedals: the browser keeps them for what is playing, and hands them over here.

const KEYS = { play: "MediaPlayPause", pause: "MediaPlayPause", nexttrack: "MediaTrackNext", previoustrack: "MediaTrackPrevious" };

/** They are then keys like any other: they do what they were given to, also where a key is chosen in the settings. */
export function openPedals(desk) {
  const session = globalThis.navigator.mediaSession;
  if (!session) return;
  for (const [name, key] of Object.entries(KEYS)) {
    listen(name, () => press(key));
    desk.scope.own(() => listen(name, null));
  }

  function listen(name, work) {
    try {
      session.setActionHandler(name, work);
    } catch {
      // This browser does not know the key by that name.
    }
  }

  function press(key) {
    const target = desk.root.getRootNode().activeElement ?? desk.root;
    const free = target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, composed: true }));
    if (free && key === "MediaPlayPause") desk.run("toggle");
  }
}
