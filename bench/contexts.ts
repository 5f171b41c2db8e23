// Times calls of the component in contexts as the development backend makes them: a new one for
// each call, in which the module is evaluated anew. Arguments: "plain" or "cached" (with V8's code
// cache), "calls", "loads" or "steps", how many contexts of each kind. Prints the samples as JSON,
// in ms.
import type { Context } from "node:vm";
import { Bundle, type ModuleSource, type Refusals } from "../dev/backend/isolate/bundle.js";
import { Isolate, type Host } from "../dev/backend/isolate/isolate.js";
import { calls, hostOf, type Call } from "./calls.js";
import { component, CORE, coreAlone, emptyModule, published, withoutCore } from "./variants.js";

type Sample = Record<string, number>;

const [mode, what, contexts] = process.argv.slice(2);

/**
 * A bundle that times its modules, and evaluates them without a limit of time: Node.js starts a
 * thread to watch over such a limit, which may take longer than the module.
 */
class TimedBundle extends Bundle {
  /** Of the latest module, in ms. */
  times = { link: 0, evaluate: 0 };

  override async link(path: string, context: Context, refusals: Refusals) {
    const begin = performance.now();
    const linked = await super.link(path, context, refusals);
    this.times.link = performance.now() - begin;
    const { entry } = linked;
    const evaluate = entry.evaluate.bind(entry);
    entry.evaluate = () => {
      const begin = performance.now();
      const done = evaluate();
      this.times.evaluate = performance.now() - begin;
      return done;
    };
    return linked;
  }
}

// The context has no clock of its own.
const STEPS = `({ coreInstance, encodeKey }) => {
  const mark = () => Convex.syscall("mark", "");
  const { Module, Instance } = WebAssembly;
  // In parentheses, or their own compilation would be part of the times.
  WebAssembly.Module = (function (code) {
    mark();
    const module = new Module(code);
    mark();
    return module;
  });
  WebAssembly.Instance = (function (module, imports) {
    const instance = new Instance(module, imports);
    mark();
    return instance;
  });
  const key = ["users", "0001", "profile"];
  mark(), mark(), mark();
  coreInstance();
  mark();
  encodeKey(key);
  mark();
  encodeKey(key);
  mark();
  return null;
}`;

const measure = { calls: timeCalls, loads: timeLoads, steps: timeSteps };
console.log(JSON.stringify(await measure[what as keyof typeof measure]()));

/** By variant and function, in turns, so that what else the machine does is shared by all. */
async function timeCalls(): Promise<Record<string, Record<string, Sample[]>>> {
  const variants = {
    component: bundleOf(await component()),
    baseline: bundleOf(await withoutCore()),
    published: bundleOf(await published()),
    empty: bundleOf(emptyModule()),
  };
  const samples: Record<string, Record<string, Sample[]>> = {};
  for (let i = 0; i < Number(contexts); i++) {
    for (const call of calls) {
      for (const [variant, bundle] of Object.entries(variants)) {
        if (variant === "published" && !call.published) continue;
        const file = variant === "published" ? "kv.js" : call.file;
        const ofVariant = (samples[variant] ??= {});
        (ofVariant[call.name] ??= []).push(await timeCall(bundle, file, call));
      }
    }
  }
  return samples;
}

async function timeCall(bundle: TimedBundle, file: string, call: Call): Promise<Sample> {
  const begin = performance.now();
  const isolate = await load(bundle, file, hostOf(call));
  const context = performance.now() - begin - isolate.loadTime;
  await isolate.call(call.name, call.method, call.args);
  const { link, evaluate } = bundle.times;
  const own = isolate.userTime;
  return { context, link, evaluate, own, call: link + evaluate + own };
}

/** Of each file of functions, and of what is published, by turns: without a call. */
async function timeLoads(): Promise<Record<string, Sample[]>> {
  const ours = bundleOf(await component());
  const files = ours.paths.filter((path) => !path.startsWith("_deps/"));
  const theirs = bundleOf(await published());
  const samples: Record<string, Sample[]> = {};
  for (let i = 0; i < Number(contexts); i++) {
    for (const path of files) (samples[path] ??= []).push(await timeLoad(ours, path));
    (samples["1.0.3"] ??= []).push(await timeLoad(theirs, "kv.js"));
  }
  return samples;
}

async function timeLoad(bundle: TimedBundle, path: string): Promise<Sample> {
  await load(bundle, path, hostOf(calls[0]!));
  const { link, evaluate } = bundle.times;
  return { link, evaluate, load: link + evaluate };
}

/** What the core's start is made of. */
async function timeSteps(): Promise<Sample[]> {
  const bundle = bundleOf(await coreAlone());
  const samples: Sample[] = [];
  for (let i = 0; i < Number(contexts); i++) {
    const marks: number[] = [];
    const host: Host = {
      ...hostOf(calls[0]!),
      syscall: () => String(marks.push(performance.now())),
    };
    await (await load(bundle, CORE, host)).look(STEPS);
    const [, a, b, ...rest] = marks as [number, number, number]; // the first is a warm-up
    const clock = b - a;
    const names = ["decode", "compile", "instance", "register", "key 1", "key 2"];
    const ends = [b, ...rest];
    const steps = names.map((name, i) => [name, ends[i + 1]! - ends[i]! - clock] as const);
    samples.push({ ...Object.fromEntries(steps), start: ends[4]! - b - 4 * clock });
  }
  return samples;
}

function bundleOf(modules: readonly ModuleSource[]): TimedBundle {
  return new TimedBundle(modules, mode === "cached");
}

function load(bundle: TimedBundle, path: string, host: Host): Promise<Isolate> {
  return Isolate.load(bundle, path, { host, timeLimit: 10_000, isAction: false });
}
