import { useConvex } from "convex/react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { api } from "./data/api.js";
import type { ExplorerClient } from "./data/client.js";
import { setClock } from "./data/clock.js";
import { configuration } from "./data/configuration.js";
import { messageOf, refusalOf } from "./data/errors.js";
import { ExplorerContext } from "./data/explorer.js";
import { storeKey } from "./data/key.js";
import { goTo } from "./data/place.js";
import { useLive } from "./data/useLive.js";
import { AskForKey } from "./dialogs/AskForKey.js";
import { CircleAlert, Database } from "./parts/icons.js";
import { Notice } from "./parts/Notice.js";

/** Shows the page to those whom the app admits, and asks for the key if it wants one. */
export function Gate({ client, children }: { client: ExplorerClient; children: ReactNode }) {
  // All that is subscribed to begins anew with another key or component.
  const [attempt, setAttempt] = useState(0);
  const [component, setComponent] = useState<string>();
  const access = (secret: string | undefined, component: string | undefined) => {
    client.pass(secret, component);
    setComponent(component);
    setAttempt(attempt + 1);
  };
  return (
    <Admitted
      key={attempt}
      component={component}
      onKey={(key) => access(key, component)}
      onShow={(component) => {
        goTo({ prefix: [], entry: null });
        access(client.secret, component);
      }}
    >
      {children}
    </Admitted>
  );
}

interface Props {
  component: string | undefined;
  onKey(key: string): void;
  onShow(component: string): void;
  children: ReactNode;
}

function Admitted({ component, onKey, onShow, children }: Props) {
  const client = useConvex() as ExplorerClient;
  const { data: info, error } = useLive(api.explorer.info, {});
  const isOpen = info !== undefined && !error;
  const isWrong = refusalOf(error) === "wrong_key";
  const { secret } = client;
  useEffect(() => {
    if (isWrong) storeKey(undefined);
  }, [isWrong]);
  useEffect(() => {
    if (!isOpen) return;
    storeKey(secret);
    // Without an answer this browser's own time will do.
    void setClock(client).catch(() => {});
  }, [isOpen, client, secret]);
  const explorer = useMemo(
    () => info && { ...info, component: component ?? info.components[0]!, show: onShow },
    [info, component, onShow],
  );

  if (isWrong) {
    return (
      <AskForKey problem={secret === undefined ? undefined : messageOf(error)} onKey={onKey} />
    );
  }
  if (error) {
    return (
      <Notice icon={CircleAlert} title="The explorer cannot open this deployment" tone="error">
        <p>{messageOf(error)}</p>
        {!refusalOf(error) && (
          <p>
            The app needs a module <code>convex/{configuration.module}.ts</code> with the functions
            of <code>explorerApi</code>, deployed.
          </p>
        )}
      </Notice>
    );
  }
  if (!explorer) {
    return <Notice icon={Database} title={`Opening ${configuration.url}…`} />;
  }
  return <ExplorerContext value={explorer}>{children}</ExplorerContext>;
}
