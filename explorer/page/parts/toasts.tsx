import {
  Button,
  Text,
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import { messageOf } from "../data/errors.js";
import { CircleAlert, CircleCheck, X } from "./icons.js";

interface Content {
  text: string;
  isError?: boolean;
}

const queue = new ToastQueue<Content>({ maxVisibleToasts: 3 });

export function tell(text: string): void {
  queue.add({ text }, { timeout: 5000 });
}

/** It stays until it is closed. */
export function tellError(error: unknown): void {
  queue.add({ text: messageOf(error), isError: true });
}

export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts">
      {({ toast }) => (
        <Toast toast={toast} className="toast" data-tone={toast.content.isError ? "error" : "ok"}>
          {toast.content.isError ? (
            <CircleAlert size={16} aria-hidden />
          ) : (
            <CircleCheck size={16} aria-hidden />
          )}
          <ToastContent className="toast-content">
            <Text slot="title">{toast.content.text}</Text>
          </ToastContent>
          <Button slot="close" className="icon-button" aria-label="Dismiss">
            <X size={14} aria-hidden />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
