import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "../parts/IconButton.js";
import { X } from "../parts/icons.js";

interface Props {
  title: string;
  role?: "dialog" | "alertdialog";
  /** Whether only its buttons close it, and Escape. */
  isKept?: boolean;
  onClose(): void;
  children: ReactNode;
}

/** A window over the page. Escape closes it. */
export function Dialog({ title, role = "dialog", isKept = false, onClose, children }: Props) {
  return (
    <ModalOverlay
      className="overlay"
      isOpen
      isDismissable={role === "dialog" && !isKept}
      onOpenChange={(isOpen) => !isOpen && onClose()}
    >
      <Modal className="modal">
        <AriaDialog className="dialog" role={role}>
          <header className="dialog-head">
            <Heading slot="title">{title}</Heading>
            <IconButton icon={X} label="Close" onPress={onClose} />
          </header>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
