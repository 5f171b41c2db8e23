import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useConvex } from "convex/react";
import { useState } from "react";
import {
  Autocomplete,
  FieldError,
  Form,
  Input,
  ListBox,
  ListBoxItem,
  Text,
  TextField,
} from "react-aria-components";
import { formatPath } from "../../notation/path.js";
import { messageOf } from "../data/errors.js";
import { findKey } from "../data/findKey.js";
import { goTo, type Place } from "../data/place.js";
import { useCompletions } from "../data/useCompletions.js";
import { parsePath } from "../../notation/path.js";
import { Dialog } from "./Dialog.js";

interface Props {
  onClose(): void;
}

/** Asks for a key as a path, helps to complete it, and goes there. */
export function GoToKey({ onClose }: Props) {
  const convex = useConvex();
  const [text, setText] = useState("");
  const [error, setError] = useState<string>();
  const completions = useCompletions(text);

  const change = (to: string) => {
    setText(to);
    setError(undefined);
  };
  const go = async (to: string) => {
    try {
      const key = parsePath(to);
      const place = await findKey(convex, key);
      if (place) finish(place);
      else setError(`There is no entry at ${formatPath(key)}, and none below it.`);
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  const finish = (place: Place) => {
    goTo(place);
    onClose();
  };
  const complete = (id: string) => {
    const found = completions.find((completion) => completion.id === id)!;
    if (found.hasChildren) change(`${found.id}/`);
    else finish(placeOf(found.key));
  };

  return (
    <Dialog title="Go to a key" onClose={onClose}>
      <Form
        validationBehavior="aria"
        className="go-to"
        onSubmit={(event) => {
          event.preventDefault();
          void go(text);
        }}
      >
        <Autocomplete inputValue={text} onInputChange={change} disableAutoFocusFirst>
          <TextField
            className="field"
            aria-label="Key, as a path"
            isInvalid={error !== undefined}
            autoFocus
          >
            <Input
              className="input"
              placeholder='users/42n/"7"'
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
            />
            <Text slot="description" className="quiet">
              Parts with slashes between them: a string as it is, 42 (a number), 42n (an int64),
              true, null, bytes("AQID"). A string that looks like one of them is in quotes. Or an
              array: ["users", 42n].
            </Text>
            <FieldError className="field-error">{error}</FieldError>
          </TextField>
          <ListBox
            className="menu"
            aria-label="Keys"
            items={completions}
            onAction={(id) => complete(id as string)}
          >
            {({ id, hasChildren }) => (
              <ListBoxItem id={id} className="menu-item" textValue={id}>
                {id}
                {hasChildren && "/"}
              </ListBoxItem>
            )}
          </ListBox>
        </Autocomplete>
      </Form>
    </Dialog>
  );
}

const placeOf = (key: KeyPart[]): Place => ({ prefix: key.slice(0, -1), entry: key });
