// An esbuild plugin that has V8 compile the functions of some files along with their module.
//
// V8 compiles a function in parentheses with its module, and what is compiled then is in the code
// cache that Convex keeps for the module (v8.dev/blog/preparser, "possibly-invoked function
// expressions"). It compiles any other function when it is first called: in each context anew,
// which was a third of a call's time. esbuild keeps such parentheses, and so does the CLI's.
import { readFileSync } from "node:fs";

/** `matches` is what the paths of the files match. */
export function eagerly(matches) {
  return {
    name: "eagerly",
    setup({ onLoad }) {
      onLoad({ filter: matches }, async ({ path }) => {
        return { contents: await inParentheses(path, readFileSync(path, "utf8")), loader: "ts" };
      });
    },
  };
}

/** The text of a TypeScript file with its functions in parentheses, and a source map. */
async function inParentheses(path, text) {
  const { default: MagicString } = await import("magic-string");
  const { default: ts } = await import("typescript");
  const edited = new MagicString(text);
  const wrap = (node) => void edited.appendLeft(node.getStart(), "(").prependRight(node.end, ")");
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) {
      if (!ts.isParenthesizedExpression(node.parent)) wrap(node);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const node of source.statements) {
    if (ts.isFunctionDeclaration(node) && node.body) asConstant(node);
  }
  return `${edited}\n//# sourceMappingURL=${edited.generateMap({ source: path, hires: true }).toUrl()}`;

  /** `export function f() {}` as `export const f = (function () {});`. */
  function asConstant(node) {
    const { modifiers, name, end } = node;
    const exported = modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const begin = exported ? exported.end + 1 : node.getStart();
    edited.appendLeft(begin, `const ${name.text} = (`);
    edited.remove(name.getStart(), name.end);
    edited.appendLeft(end, ");");
  }
}
