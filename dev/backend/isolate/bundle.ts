import { posix } from "node:path";
import { SourceTextModule, type Context, type Module } from "node:vm";

export interface ModuleSource {
  /** Relative to the bundle's root: "kv.js", "_deps/X.js". */
  path: string;
  source: string;
}

/** With cached code, Node.js would look for the callback of the module that was compiled first. */
const DYNAMIC_IMPORT = /\bimport\s*\(/;

/** What is done if a module asks for what the platform does not have. */
export interface Refusals {
  /** Throws an error of the context's own. */
  importMeta(): never;
  dynamicImport(): void;
}

export interface LinkedModule {
  entry: SourceTextModule;
  /**
   * To be called when the context is no longer used, for its memory. The module is of no use then.
   */
  release(): void;
}

/** The modules of an app or component, as the CLI bundled them, with V8's code cache for each. */
export class Bundle {
  private readonly sources: ReadonlyMap<string, string>;
  private readonly codeCaches = new Map<string, Buffer>();
  /** Of those whose code is not kept. */
  private readonly importing: ReadonlySet<string>;

  /** @param keepsCode False if modules are to be compiled anew each time, to measure that. */
  constructor(
    modules: readonly ModuleSource[],
    private readonly keepsCode = true,
  ) {
    this.sources = new Map(modules.map(({ path, source }) => [path, source]));
    const importing = modules.filter(({ source }) => DYNAMIC_IMPORT.test(source));
    this.importing = new Set(importing.map(({ path }) => path));
  }

  get paths(): string[] {
    return [...this.sources.keys()];
  }

  source(path: string): string | undefined {
    return this.sources.get(path);
  }

  /** Compiles and links a module and all that it imports, ready to be evaluated in `context`. */
  async link(path: string, context: Context, refusals: Refusals): Promise<LinkedModule> {
    const modules = new Map<string, SourceTextModule>();
    const reach = { refusals: refusals as Refusals | undefined };
    const load = (path: string): SourceTextModule => {
      const known = modules.get(path);
      if (known) return known;
      const module = this.compile(path, context, reach);
      modules.set(path, module);
      return module;
    };
    const entry = load(path);
    await entry.link((specifier: string, referrer: Module) => {
      if (!specifier.startsWith(".")) {
        throw new Error(`Cannot find ${specifier}, which ${referrer.identifier} imports`);
      }
      return load(posix.join(posix.dirname(referrer.identifier), specifier));
    });
    const release = () => {
      reach.refusals = undefined;
      modules.forEach(releaseModule);
    };
    return { entry, release };
  }

  private compile(
    path: string,
    context: Context,
    reach: { refusals: Refusals | undefined },
  ): SourceTextModule {
    const source = this.sources.get(path);
    if (source === undefined) throw new Error(`Could not find module ${path}`);
    const cachedData = this.codeCaches.get(path);
    const module = new SourceTextModule(source, {
      context,
      identifier: path,
      ...(cachedData && { cachedData }),
      initializeImportMeta: () => reach.refusals?.importMeta(),
      importModuleDynamically: () => {
        reach.refusals?.dynamicImport();
        throw new Error("Refused");
      },
    });
    if (this.keepsCode && !cachedData && !this.importing.has(path)) {
      this.codeCaches.set(path, (module as Cacheable).createCachedData());
    }
    return module;
  }
}

// Node.js keeps a module alive through a reference cycle, and with it the whole context, unless
// what the module's object holds is taken from it: without this, a call costs half a megabyte for
// good.
function releaseModule(module: SourceTextModule): void {
  for (const symbol of Object.getOwnPropertySymbols(module)) {
    delete (module as unknown as Record<symbol, unknown>)[symbol];
  }
}

/** Node.js has it; its types do not. */
type Cacheable = SourceTextModule & { createCachedData(): Buffer };
