import { useState } from "react";
import {
  Button,
  Dialog,
  FieldError,
  Form,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  Text,
  TextField,
} from "react-aria-components";
import { configuration } from "../data/configuration.js";

interface Props {
  /** Why the last key was refused, if there was one. */
  problem: string | undefined;
  onKey(key: string): void;
}

/** Asks for the key, without which there is nothing to see. */
export function AskForKey({ problem, onKey }: Props) {
  const [key, setKey] = useState("");
  const [isEdited, setIsEdited] = useState(false);
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="modal">
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">KV Explorer</Heading>
          </header>
          <Form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              if (key !== "") onKey(key);
            }}
          >
            <TextField
              className="field"
              type="password"
              autoFocus
              isInvalid={problem !== undefined && !isEdited}
              value={key}
              onChange={(key) => {
                setKey(key);
                setIsEdited(true);
              }}
            >
              <Label>Key</Label>
              <Input className="input" autoComplete="off" />
              <FieldError className="field-error">{problem}</FieldError>
              <Text slot="description" className="quiet">
                The value of <code>KV_EXPLORER_KEY</code> in the environment of {configuration.url}.
                To see it: <code>npx convex env get KV_EXPLORER_KEY</code>. This tab keeps it until
                you close it.
              </Text>
            </TextField>
            <footer className="dialog-foot">
              <Button type="submit" className="button button-main" isDisabled={key === ""}>
                Open
              </Button>
            </footer>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
