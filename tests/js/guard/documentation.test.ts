import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { KV_ERROR_CODES } from "../../../js/client/errors.js";
import { languageService } from "../support/languageService.js";

// What the package exports is documented by tags, which editors show where they belong: for each
// parameter, result, error and default.

const entries = [
  ...["js/client/index.ts", "js/test.ts", "js/validators.ts"],
  "js/explorer/index.ts",
].map((file) => join(process.cwd(), file));
const program = languageService(entries).getProgram()!;
const checker = program.getTypeChecker();

const exported = entries
  .flatMap((file) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)!)!),
  )
  .map((it) => (it.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(it) : it))
  .flatMap((symbol) => symbol.declarations ?? [])
  .filter((it) => it.getSourceFile().fileName.startsWith(join(process.cwd(), "js/")));

type Signature = ts.MethodDeclaration | ts.MethodSignature | ts.FunctionDeclaration;
const isSignature = (node: ts.Node): node is Signature =>
  ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isFunctionDeclaration(node);

const isHidden = (node: ts.Node) =>
  Boolean(ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Private);

/** What users see of a declaration: itself, and what it is made of. */
function partsOf(node: ts.Node): ts.Node[] {
  if (isHidden(node)) return [];
  const parts: ts.Node[] = [node];
  const visit = (child: ts.Node) => {
    if (ts.isClassElement(child) || ts.isTypeElement(child)) parts.push(...partsOf(child));
    else if (!ts.isBlock(child) && !ts.isParameter(child)) ts.forEachChild(child, visit);
  };
  ts.forEachChild(node, visit);
  return parts;
}

const parts = exported.flatMap(partsOf);

/** Of several overloads the implementation is seen by nobody. */
const signatures = parts.filter(isSignature).filter((node) => {
  const symbol = checker.getSymbolAtLocation(node.name!)!;
  const hasBody = !ts.isMethodSignature(node) && node.body !== undefined;
  return !hasBody || symbol.declarations!.length === 1;
});

/** For what is missing: `KeyValueStore.list`. */
function nameOf(node: ts.Node): string {
  const name = (node as Partial<ts.NamedDeclaration>).name?.getText() ?? "";
  const { parent } = node;
  const within = ts.isClassLike(parent) || ts.isInterfaceDeclaration(parent) ? parent : undefined;
  const line = node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
  return `${within?.name ? `${within.name.text}.` : ""}${name} (line ${line})`;
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return ts.getTextOfJSDocComment(comment?.comment) ?? "";
}

function tagsOf(node: ts.Node, name: string): string[] {
  return ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === name)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "");
}

test("there is something to look at", () => {
  expect(exported.length).toBeGreaterThan(60);
  expect(signatures.length).toBeGreaterThan(50);
});

test("every export, method and overload has a sentence", () => {
  const documented = [...exported.filter((node) => !ts.isVariableDeclaration(node)), ...signatures];
  const missing = documented.filter((node) => !/\w/.test(commentOf(node)));
  expect(missing.map(nameOf)).toEqual([]);
});

test("every parameter of a method has a @param", () => {
  const missing = signatures.flatMap((node) =>
    node.parameters
      .filter(({ dotDotDotToken }) => !dotDotDotToken)
      .filter((it) => !ts.getJSDocParameterTags(it).some(({ comment }) => comment))
      .map((it) => `${nameOf(node)}: ${it.name.getText()}`),
  );
  expect(missing).toEqual([]);
});

test("every method has a @returns", () => {
  const missing = signatures.filter((node) => tagsOf(node, "returns").join("") === "");
  const isVoid = (node: Signature) => node.type?.kind === ts.SyntaxKind.VoidKeyword;
  expect(missing.filter((node) => !isVoid(node)).map(nameOf)).toEqual([]);
});

test("every @throws names an error of the package and the reason for it", () => {
  const thrown = parts.flatMap((node) => tagsOf(node, "throws"));
  expect(thrown.length).toBeGreaterThan(60);
  for (const text of thrown) {
    const [, code] = /^KvError (\w+) if .+\.$/s.exec(text) ?? [];
    expect(KV_ERROR_CODES, text).toContain(code);
  }
});

// Options may be undefined, since apps pass on what they have; what methods return is not.
test("every option has a sentence, and a @default", () => {
  const options = parts
    .filter(ts.isPropertySignature)
    .filter(({ questionToken, type }) => {
      const kinds = type && ts.isUnionTypeNode(type) ? type.types.map(({ kind }) => kind) : [];
      return questionToken && kinds.length > 1 && kinds.includes(ts.SyntaxKind.UndefinedKeyword);
    })
    // Those that only narrow the type of another one.
    .filter((node) => !NARROWED.includes(nameOf(node).replace(/ .*/, "")));
  expect(options.length).toBeGreaterThan(20);
  const missing = options.filter(
    (node) => tagsOf(node, "default").join("") === "" || !/\w/.test(commentOf(node)),
  );
  expect(missing.map(nameOf)).toEqual([]);
});

// `includeValues: true` again; one of the two of NewExpiry; and members of the Standard Schema
// interface, which are not options.
const NARROWED = ["WithValues.includeValues", "expiresAt", "types", "SchemaIssue.path"];
