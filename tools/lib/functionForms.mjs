// An esbuild plugin that writes functions in the forms that cost least when a module is loaded.
//
// The CLI of Convex keeps the names of functions that it renames, with a call for each function as
// the module runs (esbuild's keepNames). It leaves two forms alone, which mean the same: methods,
// and functions behind a comma operator.
//
// V8 compiles a function in parentheses with its module, and what is compiled then is in the code
// cache that Convex keeps for the module (v8.dev/blog/preparser, "possibly-invoked function
// expressions"). It compiles any other function when it is first called: in each context anew,
// which was a third of a call's time. esbuild keeps such parentheses.
//
// What a registered function takes and returns, the platform asks for when it is pushed, and never
// in a call: to make the validators took a fifth of the time that a module takes to load. So `args`
// and `returns` are getters, and the validators that several have in common are functions.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { root } from "./run.mjs";

const REGISTRATION = /^(internal)?(query|mutation|action)$/i;

/**
 * `eager` is what the paths match of files whose functions are to be compiled with the module.
 * `used` has the names of each file's functions that are needed, by its path from the root: esbuild
 * cannot tell in these forms, so others are left out.
 */
export function functionForms(eager, used) {
  return {
    name: "function-forms",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = readFileSync(path, "utf8");
        const names = used.get(relative(root, path)) ?? [];
        return { contents: await inForm(path, text, eager.test(path), names), loader: "ts" };
      });
    },
  };
}

/** The text of a TypeScript file with its functions in those forms, and a source map. */
async function inForm(path, text, isEager, used) {
  const { default: MagicString } = await import("magic-string");
  const { default: ts } = await import("typescript");
  const edited = new MagicString(text);
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isArrowFunction(node) || ts.isFunctionExpression(node)) asExpression(node);
    if (ts.isPropertyAssignment(node) && isOfRegistration(node)) asGetter(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const node of source.statements) {
    if (!ts.isFunctionDeclaration(node) || !node.body) continue;
    if (isUsed(node.name.text)) asConstant(node);
    else edited.remove(node.getStart(), node.end);
  }
  return `${edited}\n//# sourceMappingURL=${edited.generateMap({ source: path, hires: true }).toUrl()}`;

  // Of the same name in several files, all but one have a number behind theirs.
  function isUsed(name) {
    return used.some((one) => one.startsWith(name) && /^\d*$/.test(one.slice(name.length)));
  }

  /** `() => {}` as `(() => {})` if it is eager; `f = () => {}` as `f = (0, () => {})`. */
  function asExpression(node) {
    const { parent } = node;
    if (ts.isParenthesizedExpression(parent)) return;
    const isNamed = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent);
    const [before, behind] = isEager ? ["(", ")"] : ["", ""];
    const [left, right] = isNamed ? ["(0, ", ")"] : ["", ""];
    edited.appendLeft(node.getStart(), left + before).prependRight(node.end, behind + right);
  }

  /** Whether it is `args` or `returns` of `query({…})`, or of another such function. */
  function isOfRegistration({ name, parent }) {
    const call = parent.parent;
    return (
      ["args", "returns"].includes(name.getText()) &&
      ts.isCallExpression(call) &&
      REGISTRATION.test(call.expression.getText())
    );
  }

  /** `args: {}` as `get args() { return {}; }`. */
  function asGetter({ name, initializer }) {
    edited.appendLeft(name.getStart(), "get ");
    edited.overwrite(name.end, initializer.getStart(), "() { return ");
    edited.appendRight(initializer.end, "; }");
  }

  /** `function f() {}` as `const f = (0, (function () {}));` if it is eager, or `{ f() {} }.f`. */
  function asConstant(node) {
    const { modifiers, name, end } = node;
    const exported = modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    const begin = exported ? exported.end + 1 : node.getStart();
    if (isEager) {
      edited.appendLeft(begin, `const ${name.text} = (0, (`);
      edited.remove(name.getStart(), name.end);
      edited.appendLeft(end, "));");
    } else {
      const keyword = node
        .getChildren(source)
        .find(({ kind }) => kind === ts.SyntaxKind.FunctionKeyword);
      edited.appendLeft(begin, `const ${name.text} = { `);
      edited.remove(keyword.getStart(), keyword.end);
      edited.appendLeft(end, ` }.${name.text};`);
    }
  }
}
