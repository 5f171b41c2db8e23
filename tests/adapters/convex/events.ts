// chai, of which Vitest's `expect` is made, tells plugins of itself by events. There are none here,
// and the development backend's runtime has no events.

class NoEvents {
  addEventListener(): void {}
  dispatchEvent(): boolean {
    return true;
  }
}

Object.assign(globalThis, {
  EventTarget: globalThis.EventTarget ?? NoEvents,
  Event: globalThis.Event ?? class {},
});
