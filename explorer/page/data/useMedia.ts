import { useSyncExternalStore } from "react";

interface Media {
  matches(): boolean;
  subscribe(listener: () => void): () => void;
}

/** By query. Each stays as it is: to subscribe anew whenever something is drawn takes long. */
const medias = new Map<string, Media>();

function mediaOf(query: string): Media {
  const known = medias.get(query);
  if (known) return known;
  const list = matchMedia(query);
  const media: Media = {
    matches: () => list.matches,
    subscribe(listener) {
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
  };
  medias.set(query, media);
  return media;
}

/** Whether a media query holds, as it changes. */
export function useMedia(query: string): boolean {
  const { subscribe, matches } = mediaOf(query);
  return useSyncExternalStore(subscribe, matches);
}

/** No room for the tree beside the table: it is a drawer then. */
export const NARROW = "(max-width: 760px)";
