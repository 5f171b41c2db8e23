import { readFileSync } from "node:fs";
import ts from "typescript";

// Of files that several services read, which parse them once.
const registry = ts.createDocumentRegistry();

/** TypeScript as an editor asks it, of files of the repository and of one that is only `text`. */
export function languageService(files: string[], path = "", text = ""): ts.LanguageService {
  const own = path === "" ? [] : [path];
  const read = (file: string) => (file === path ? text : readFileSync(file, "utf8"));
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [...files, ...own],
    getScriptVersion: (file) => (file === path ? text : "1"),
    getScriptSnapshot: (file) =>
      file === path || ts.sys.fileExists(file)
        ? ts.ScriptSnapshot.fromString(read(file))
        : undefined,
    getCurrentDirectory: () => process.cwd(),
    getCompilationSettings: () => ({
      strict: true,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      target: ts.ScriptTarget.ES2022,
      skipLibCheck: true,
      types: [],
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => file === path || ts.sys.fileExists(file),
    readFile: read,
    directoryExists: ts.sys.directoryExists,
  };
  return ts.createLanguageService(host, registry);
}
