import { useConvexConnectionState } from "convex/react";

/** Whether what is shown is live. */
export function Connection() {
  const { isWebSocketConnected, hasEverConnected } = useConvexConnectionState();
  const text = isWebSocketConnected ? "Live" : hasEverConnected ? "Reconnecting…" : "Connecting…";
  return (
    <span className="connection" role="status" data-live={isWebSocketConnected || undefined}>
      {text}
    </span>
  );
}
