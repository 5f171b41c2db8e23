import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { javascriptLanguage } from "@codemirror/lang-javascript";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  syntaxHighlighting,
} from "@codemirror/language";
import { linter, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { NotationError, parseValue } from "../../notation/parse.js";

// To make an editor takes longer than all else that an entry needs to be shown. So editors that are
// not needed any more are kept for those who need one next.

/** Who has an editor. */
export interface EditorUser {
  onChange(text: string): void;
  onSubmit(): void;
  /** Whether nothing at all is a value: there is none then. */
  isOptional: boolean;
  isReadOnly: boolean;
}

export interface PooledEditor {
  view: EditorView;
  user: EditorUser | undefined;
}

/** More than are on the page at once are not kept. */
const LARGEST_POOL = 4;
/** Without a text and a past. */
const ready: PooledEditor[] = [];
/** With those of their last users still: they are cleared when there is time. */
const used: PooledEditor[] = [];

const undoable = new Compartment();
const settings = new Compartment();

/** An editor with this text, to be put into the page. What was typed before cannot be undone. */
export function takeEditor(text: string, user: EditorUser): PooledEditor {
  if (ready.length === 0 && used.length > 0) clear(used.pop()!);
  const editor = ready.pop() ?? newEditor();
  editor.view.dispatch({
    changes: { from: 0, insert: text },
    effects: [undoable.reconfigure(history()), settings.reconfigure(settingsOf(user))],
    annotations: Transaction.addToHistory.of(false),
  });
  // From now on it is told.
  editor.user = user;
  return editor;
}

/** Takes it out of the page. */
export function giveBackEditor(editor: PooledEditor): void {
  editor.user = undefined;
  editor.view.dom.remove();
  used.push(editor);
  requestIdleCallback(() => {
    for (const editor of used.splice(0)) clear(editor);
  });
}

/** Has so many editors ready, before anybody waits for them. */
export function prepareEditors(count: number): void {
  while (ready.length < Math.min(count, LARGEST_POOL)) ready.push(newEditor());
}

function clear(editor: PooledEditor): void {
  if (ready.length === LARGEST_POOL) {
    editor.view.destroy();
    return;
  }
  const { view } = editor;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length },
    effects: undoable.reconfigure([]),
  });
  ready.push(editor);
}

// The colours are those of the page (styles/tokens.css).
const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--code-name)" },
  { tag: tags.string, color: "var(--code-string)" },
  { tag: tags.number, color: "var(--code-number)" },
  { tag: [tags.bool, tags.null, tags.variableName], color: "var(--code-word)" },
  { tag: [tags.punctuation, tags.operator], color: "var(--text-quiet)" },
]);

function settingsOf({ isOptional, isReadOnly }: EditorUser) {
  return [placeholder(isOptional ? "None" : ""), EditorState.readOnly.of(isReadOnly)];
}

function newEditor(): PooledEditor {
  const submit = () => {
    editor.user?.onSubmit();
    return true;
  };
  const view = new EditorView({
    extensions: [
      keymap.of([
        { key: "Mod-Enter", run: submit },
        { key: "Mod-s", run: submit },
        ...defaultKeymap,
        ...historyKeymap,
      ]),
      undoable.of([]),
      settings.of([]),
      drawSelection(),
      foldGutter(),
      bracketMatching(),
      javascriptLanguage,
      syntaxHighlighting(highlighting),
      linter((view) => check(view, editor.user), { delay: 300 }),
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) editor.user?.onChange(update.state.doc.toString());
      }),
    ],
  });
  const editor: PooledEditor = { view, user: undefined };
  return editor;
}

/** Underlines what makes a text no value. */
function check(view: EditorView, user: EditorUser | undefined): Diagnostic[] {
  const text = view.state.doc.toString();
  if (!user || (user.isOptional && text.trim() === "")) return [];
  try {
    parseValue(text);
    return [];
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    const { message, from, to } = error;
    return [{ from, to, message, severity: "error" }];
  }
}
