import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button, Dialog, DialogTrigger, Form, Popover } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useExplorer } from "../data/explorer.js";
import { TtlField, ttlOf, type TtlDraft } from "../dialogs/TtlField.js";
import { TimeLeft } from "../parts/TimeLeft.js";
import { tell, tellError } from "../parts/toasts.js";
import { TimerOff, Timer } from "../parts/icons.js";

interface Props {
  entryKey: KeyPart[];
  expiresAt: number | undefined;
}

/** When the entry expires, and ways to change it. */
export function Expiry({ entryKey, expiresAt }: Props) {
  const expire = useMutation(api.explorer.expire);
  const { readOnly } = useExplorer();
  const clear = async () => {
    try {
      await expire({ key: entryKey, ttl: null });
      tell("It never expires now");
    } catch (error) {
      tellError(error);
    }
  };
  const time = expiresAt === undefined ? <span>never</span> : <TimeLeft until={expiresAt} />;
  if (readOnly) return time;
  return (
    <div className="expiry">
      {time}
      <DialogTrigger>
        <Button className="link">
          <Timer size={13} aria-hidden />
          {expiresAt === undefined ? "Set" : "Change"}
        </Button>
        <Popover className="popover" placement="bottom start">
          <Dialog className="popover-dialog" aria-label="Set the expiry">
            {({ close }) => <NewExpiry entryKey={entryKey} close={close} />}
          </Dialog>
        </Popover>
      </DialogTrigger>
      {expiresAt !== undefined && (
        <Button className="link" onPress={() => void clear()}>
          <TimerOff size={13} aria-hidden />
          Clear
        </Button>
      )}
    </div>
  );
}

function NewExpiry({ entryKey, close }: { entryKey: KeyPart[]; close: () => void }) {
  const [draft, setDraft] = useState<TtlDraft>({ amount: "10", unit: "minutes" });
  const [error, setError] = useState<string>();
  const expire = useMutation(api.explorer.expire);
  const submit = async () => {
    const ttl = ttlOf(draft);
    if (ttl === undefined || Number.isNaN(ttl)) {
      setError("A number greater than 0.");
      return;
    }
    try {
      if (!(await expire({ key: entryKey, ttl }))) setError("The entry is gone.");
      else close();
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  return (
    <Form
      validationBehavior="aria"
      className="expiry-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <span className="label">Expires in</span>
      <TtlField draft={draft} onChange={setDraft} isInvalid={error !== undefined} />
      {error && (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      <Button className="button button-main" type="submit">
        Set
      </Button>
    </Form>
  );
}
