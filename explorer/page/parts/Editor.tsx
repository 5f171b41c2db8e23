import { useEffectEvent, useLayoutEffect, useRef } from "react";
import { giveBackEditor, takeEditor, type PooledEditor } from "./editors.js";

interface Props {
  /** Its name. */
  label: string;
  text: string;
  onChange(text: string): void;
  /** Ctrl-Enter, or Ctrl-S. */
  onSubmit(): void;
  /** The ids of what describes it: an error. */
  describedBy?: string | undefined;
  isInvalid?: boolean;
  /** Whether nothing at all is a value: there is none then. */
  isOptional?: boolean;
  isReadOnly?: boolean;
}

/** An editor for a value, as notation/ writes them. Tab moves on to the next field. */
export function Editor(props: Props) {
  const { label, text, describedBy, isInvalid = false } = props;
  const { isOptional = false, isReadOnly = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<PooledEditor>(null);
  const onChange = useEffectEvent((next: string) => props.onChange(next));
  const onSubmit = useEffectEvent(() => props.onSubmit());
  const begin = useEffectEvent(() => text);

  useLayoutEffect(() => {
    const user = {
      onChange: (next: string) => onChange(next),
      onSubmit: () => onSubmit(),
      isOptional,
      isReadOnly,
    };
    const taken = takeEditor(begin(), user);
    place.current!.append(taken.view.dom);
    editor.current = taken;
    return () => giveBackEditor(taken);
  }, [isOptional, isReadOnly]);

  // What is written elsewhere.
  useLayoutEffect(() => {
    const { view } = editor.current!;
    const now = view.state.doc.toString();
    if (now !== text) view.dispatch({ changes: { from: 0, to: now.length, insert: text } });
  }, [text]);

  useLayoutEffect(() => {
    const { contentDOM } = editor.current!.view;
    contentDOM.setAttribute("aria-label", label);
    contentDOM.setAttribute("aria-invalid", String(isInvalid));
    contentDOM.setAttribute("aria-readonly", String(isReadOnly));
    if (describedBy) contentDOM.setAttribute("aria-describedby", describedBy);
    else contentDOM.removeAttribute("aria-describedby");
  }, [label, describedBy, isInvalid, isReadOnly]);

  return <div ref={place} className="editor" data-invalid={isInvalid || undefined} />;
}
