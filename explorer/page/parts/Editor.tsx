import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter, type Diagnostic } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useEffectEvent, useRef } from "react";
import { NotationError, parseValue } from "../../notation/parse.js";

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
}

// The colours are those of the page (styles/tokens.css).
const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.bool, tags.null, tags.variableName], color: "var(--code-word)" },
  { tag: [tags.punctuation, tags.operator], color: "var(--text-quiet)" },
]);

/** Underlines what makes a text no value. */
const check = (isOptional: boolean) =>
  linter(
    (view): Diagnostic[] => {
      const text = view.state.doc.toString();
      if (isOptional && text.trim() === "") return [];
      try {
        parseValue(text);
        return [];
      } catch (error) {
        if (!(error instanceof NotationError)) throw error;
        const { message, from, to } = error;
        return [{ from, to, message, severity: "error" }];
      }
    },
    { delay: 300 },
  );

/** An editor for a value, as notation/ writes them. Tab moves on to the next field. */
export function Editor(props: Props) {
  const { label, text, describedBy, isInvalid = false, isOptional = false } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const changed = useEffectEvent((next: string) => props.onChange(next));
  const submitted = useEffectEvent(() => props.onSubmit());
  const begin = useEffectEvent(() => text);

  useEffect(() => {
    const submit = () => {
      submitted();
      return true;
    };
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: begin(),
        extensions: [
          keymap.of([
            { key: "Mod-Enter", run: submit },
            { key: "Mod-s", run: submit },
            ...defaultKeymap,
            ...historyKeymap,
          ]),
          history(),
          drawSelection(),
          foldGutter(),
          bracketMatching(),
          javascriptLanguage,
          syntaxHighlighting(highlighting),
          check(isOptional),
          EditorView.lineWrapping,
          placeholder(isOptional ? "None" : ""),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) changed(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [isOptional]);

  // What is written elsewhere.
  useEffect(() => {
    const editor = view.current!;
    const now = editor.state.doc.toString();
    if (now !== text) editor.dispatch({ changes: { from: 0, to: now.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const { contentDOM } = view.current!;
    contentDOM.setAttribute("aria-label", label);
    contentDOM.setAttribute("aria-invalid", String(isInvalid));
    if (describedBy) contentDOM.setAttribute("aria-describedby", describedBy);
    else contentDOM.removeAttribute("aria-describedby");
  }, [label, describedBy, isInvalid]);

  return <div ref={place} className="editor" data-invalid={isInvalid || undefined} />;
}
