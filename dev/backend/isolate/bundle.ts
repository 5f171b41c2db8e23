import { posix } from "node:path";
import { SourceTextModule, type Context, type Module } from "node:vm";

export interface ModuleSource {
  /** Relative to the bundle's root: "kv.js", "_deps/X.js". */
  path: string;
  source: string;
}

/** What is done where a module asks for what the platform does not have. */
export interface Refusals {
  /** Throws an error of the context's own. */
  importMeta(): never;
  dynamicImport(): void;
}

/** The modules of an app or component, as the CLI bundled them, with V8's code cache for each. */
export class Bundle {
  private readonly sources: ReadonlyMap<string, string>;
  private readonly codeCaches = new Map<string, Buffer>();

  constructor(modules: readonly ModuleSource[]) {
    this.sources = new Map(modules.map(({ path, source }) => [path, source]));
  }

  get paths(): string[] {
    return [...this.sources.keys()];
  }

  source(path: string): string | undefined {
    return this.sources.get(path);
  }

  /** Compiles and links a module and all that it imports, ready to be evaluated in `context`. */
  async link(path: string, context: Context, refusals: Refusals): Promise<SourceTextModule> {
    const linked = new Map<string, SourceTextModule>();
    const load = (path: string): SourceTextModule => {
      const known = linked.get(path);
      if (known) return known;
      const module = this.compile(path, context, refusals);
      linked.set(path, module);
      return module;
    };
    const entry = load(path);
    await entry.link((specifier: string, referrer: Module) => {
      if (!specifier.startsWith(".")) {
        throw new Error(`Cannot find ${specifier}, which ${referrer.identifier} imports`);
      }
      return load(posix.join(posix.dirname(referrer.identifier), specifier));
    });
    return entry;
  }

  private compile(path: string, context: Context, refusals: Refusals): SourceTextModule {
    const source = this.sources.get(path);
    if (source === undefined) throw new Error(`Could not find module ${path}`);
    const cachedData = this.codeCaches.get(path);
    const module = new SourceTextModule(source, {
      context,
      identifier: path,
      ...(cachedData && { cachedData }),
      initializeImportMeta: () => refusals.importMeta(),
      importModuleDynamically: () => {
        refusals.dynamicImport();
        throw new Error("Refused");
      },
    });
    if (!cachedData) this.codeCaches.set(path, (module as Cacheable).createCachedData());
    return module;
  }
}

/** Node.js has it; its types do not. */
type Cacheable = SourceTextModule & { createCachedData(): Buffer };
