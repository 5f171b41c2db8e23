// What the package's declarations say of themselves, as the TypeScript of the repository sees them.
import { join } from "node:path";
import ts from "typescript";
import { root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";

const { Private, Protected } = ts.ModifierFlags;

/**
 * The two checks of what the entries of `exports` declare: `typesAreExported`, and
 * `optionsMayBeUndefined`.
 */
export function declarations(exports) {
  const { checker, entries } = load(exports);
  const signatures = entries.flatMap((entry) => signaturesOf(checker, entry));
  const original = (symbol) =>
    symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;

  /** Expects each type of the package's that signatures mention to be exported. */
  function typesAreExported() {
    const known = new Set(entries.flatMap((entry) => exportsOf(checker, entry)).map(original));
    const missing = signatures
      .flatMap(namesWithin)
      .map((name) => original(checker.getSymbolAtLocation(name)))
      .filter((type) => isOurs(type) && !known.has(type));
    const names = [...new Set(missing.map(({ name }) => name))];
    expect(names.length === 0, `In signatures, but not exported: ${names.join(" ")}`);
    return `${known.size} exports`;
  }

  /**
   * Expects every optional field of what methods and functions take to admit undefined: with
   * exactOptionalPropertyTypes, one that may be left out may not be undefined unless its type says
   * so.
   */
  function optionsMayBeUndefined() {
    const seen = new Set();
    const visit = (node) => {
      if (seen.has(node)) return;
      seen.add(node);
      ts.forEachChild(node, visit);
      const name = nameOf(node);
      const type = name && original(checker.getSymbolAtLocation(name));
      if (isOurs(type)) type.declarations.filter((it) => !ts.isClassLike(it)).forEach(visit);
    };
    signatures.flatMap(parametersWithin).forEach(visit);
    const optional = [...seen].filter(
      (node) => (ts.isPropertySignature(node) || ts.isNamedTupleMember(node)) && node.questionToken,
    );
    const strict = optional.filter(({ type }) => !admitsUndefined(type));
    expect(optional.length > 0, "Nothing that methods take has an optional field");
    const texts = strict.map((node) => `${node.parent.name?.text ?? ""} ${node.getText()}`);
    expect(strict.length === 0, `Optional, but not "| undefined":\n${texts.join("\n")}`);
    return `${optional.length} optional fields`;
  }

  return { typesAreExported, optionsMayBeUndefined };
}

function load(exports) {
  const files = new Set(Object.values(exports).flatMap(({ types }) => (types ? [types] : [])));
  const paths = [...files].map((file) => join(root, file));
  const { NodeNext } = ts.ModuleKind;
  const options = { module: NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const program = ts.createProgram(paths, { ...options, noEmit: true, types: [] });
  const checker = program.getTypeChecker();
  return { checker, entries: paths.map((path) => program.getSourceFile(path)) };
}

function exportsOf(checker, entry) {
  return checker.getExportsOfModule(checker.getSymbolAtLocation(entry));
}

/** What an entry exports, as far as its users see it: declarations, and of classes the members. */
function signaturesOf(checker, entry) {
  return exportsOf(checker, entry).flatMap((symbol) => {
    const [specifier] = symbol.declarations;
    const isType =
      ts.isExportSpecifier(specifier) &&
      (specifier.isTypeOnly || specifier.parent.parent.isTypeOnly);
    const { declarations } =
      symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    return declarations.flatMap((declaration) => partsOf(declaration, isType));
  });
}

function partsOf(declaration, isType) {
  // A conditional type is what it comes to, and not what it is made of.
  if (ts.isTypeAliasDeclaration(declaration)) {
    return ts.isConditionalTypeNode(declaration.type) ? [] : [declaration.type];
  }
  if (!ts.isClassLike(declaration)) return [declaration];
  const visible = declaration.members
    .filter((member) => !(ts.getCombinedModifierFlags(member) & (Private | Protected)))
    // One that is exported as a type alone cannot be called.
    .filter((member) => !(isType && ts.isConstructorDeclaration(member)));
  return [...(declaration.heritageClauses ?? []), ...visible];
}

function namesWithin(node) {
  const names = [];
  const visit = (node) => {
    const name = nameOf(node);
    if (name) names.push(name);
    ts.forEachChild(node, visit);
  };
  visit(node);
  return names;
}

function nameOf(node) {
  if (ts.isTypeReferenceNode(node)) return node.typeName;
  if (ts.isExpressionWithTypeArguments(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return node.qualifier;
  return undefined;
}

/** The types of parameters, and what type parameters have to be. */
function parametersWithin(node) {
  const found = [];
  const visit = (node) => {
    if (ts.isParameter(node)) found.push(node.type);
    else if (ts.isTypeParameterDeclaration(node)) found.push(node);
    else ts.forEachChild(node, visit);
  };
  visit(node);
  return found;
}

function admitsUndefined(type) {
  const { AnyKeyword, UnknownKeyword, UndefinedKeyword } = ts.SyntaxKind;
  const types = ts.isUnionTypeNode(type) ? type.types : [type];
  return types.some(({ kind }) => [AnyKeyword, UnknownKeyword, UndefinedKeyword].includes(kind));
}

// Types of a component's functions are as Convex generates them, and library types are not ours.
function isOurs(symbol) {
  const declarations = symbol?.declarations ?? [];
  return declarations.some((declaration) => {
    const { fileName } = declaration.getSourceFile();
    const isHere = fileName.startsWith(join(root, "dist/")) && !fileName.includes("/_generated/");
    return isHere && !ts.isTypeParameterDeclaration(declaration);
  });
}
