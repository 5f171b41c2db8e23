// The benchmark's tables, and the figures in them.

/** The median and the 90th percentile of each figure of some samples. */
export function summary(samples) {
  const names = Object.keys(samples[0] ?? {});
  const each = (share) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        quantile(
          samples.map((sample) => sample[name]),
          share,
        ),
      ]),
    );
  return { median: each(0.5), p90: each(0.9) };
}

function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const CALL_COLUMNS = ["link", "evaluate", "get", "set", "list 100", "whole get", "whole set"];

/** What a call of the component costs in a fresh context. `figures` is by variant and function. */
export function printCalls(title, { component, baseline, published, empty }) {
  row(title, ...CALL_COLUMNS);
  const print = (title, values) => row(`  ${title}`, ...values.map(ms));
  const [whole, without, harness] = [component, baseline, empty].map((figures) =>
    callFigures(figures, "median"),
  );
  print("the component", whole);
  print("  90th percentile", callFigures(component, "p90"));
  print("the same without core", without);
  print("an empty module", harness);
  print("the core adds", minus(whole, without));
  print("component, net", minus(whole, harness));
  const ratios = minus(whole, harness).map((net, i) => net / minus(without, harness)[i]);
  row("  ratio to without core", ...ratios.map((ratio) => `${ratio.toFixed(2)}x`));
  printPublished(component, published);
}

/** Beside 1.0.3, of which a `list` does not run on a deployment. */
function printPublished(component, published) {
  const ratio = (name, of) => of(component[name].median) / of(published[name].median);
  const load = ({ link, evaluate }) => link + evaluate;
  const ratios = {
    load: ratio("get", load),
    "whole get": ratio("get", ({ call }) => call),
    "whole set": ratio("set", ({ call }) => call),
  };
  row("  beside 1.0.3", ...Object.keys(ratios));
  row("    ratio", ...Object.values(ratios).map((ratio) => `${ratio.toFixed(2)}x`));
}

function callFigures({ get, set, list }, which) {
  const { link, evaluate, own, call } = get[which];
  return [link, evaluate, own, set[which].own, list[which].own, call, set[which].call];
}

function minus(some, others) {
  return some.map((figure, i) => figure - others[i]);
}

/** Loading each file of functions, beside what is published. */
export function printLoads({ plain, cached }) {
  const names = Object.keys(plain);
  row("loading, times 1.0.3", ...names);
  for (const [title, files] of Object.entries({
    "all anew": plain,
    "with V8's caches": cached,
  })) {
    const loadOf = (name) => files[name].median.load;
    const ratios = names.map((name) => loadOf(name) / loadOf("1.0.3"));
    row(`  ${title}`, ...ratios.map((ratio) => `${ratio.toFixed(2)}x`));
  }
}

/** What the core's start is made of. */
export function printSteps(steps) {
  const names = Object.keys(steps.plain.median);
  row("the core's start, ms", ...names);
  for (const [title, { median }] of Object.entries({
    "all anew": steps.plain,
    "with V8's caches": steps.cached,
  })) {
    row(`  ${title}`, ...names.map((name) => ms(median[name])));
  }
}

export function printEndToEnd(calls) {
  const names = ["load", "own", "app call", "request", "documents", "own share"];
  row("through the backend, ms", ...names);
  for (const [call, figures] of Object.entries(calls)) {
    for (const which of ["median", "p90"]) {
      const { load, own, app, request, read } = figures[which];
      const share = `${Math.round((100 * own) / request)} %`;
      row(
        which === "median" ? `  ${call}` : "    90th percentile",
        ...[load, own, app, request].map(ms),
        ...(which === "median" ? [String(read), share] : []),
      );
    }
  }
}

/** What an operation takes in this package, in 1.0.3 and in a table written by hand. */
export function printThreeWays(operations) {
  const names = ["calls", "transactions", "documents", "bytes", "queries"];
  const titles = { ours: "this package", published: "1.0.3", table: "a table by hand" };
  row("one app, three ways", "time, ms", "to table", ...names);
  for (const [operation, ways] of Object.entries(operations)) {
    row(`  ${operation}`);
    for (const [way, figures] of Object.entries(ways)) {
      const ratio = `${(figures.time / ways.table.time).toFixed(2)}x`;
      const counts = names.map((name) => figures[name].toLocaleString("en-US"));
      row(`    ${titles[way]}`, ms(figures.time), ratio, ...counts);
    }
  }
}

export function printKeys(times) {
  const names = Object.keys(times);
  row("a key, µs", ...names);
  row("  encode", ...names.map((name) => ms(times[name])));
}

/** What other libraries take for a key, as a multiple of what the core takes. */
export function printRivals(rivals, native) {
  const names = Object.keys(rivals);
  row("to encode a key, times the core's", ...names);
  for (const library of ["fdb-tuple", "@deno/kv"]) {
    const ratios = (ours) =>
      names.map((name) => `${(rivals[name][library] / ours(name)).toFixed(2)}x`);
    row(`  ${library}`, ...ratios((name) => rivals[name].wasm));
    row("    to the native core", ...ratios((name) => native[name]));
  }
}

export function printMemory({ before, after }) {
  row("memory, KiB", "wasm", "JS heap");
  for (const [title, state] of Object.entries({ before, "after 1,000,000": after })) {
    row(`  ${title}`, ...[state.wasm, state.heap].map((bytes) => (bytes / 1024).toFixed(0)));
  }
}

function ms(figure) {
  return figure.toFixed(2);
}

function row(title, ...cells) {
  console.log(title.padEnd(25) + cells.map((cell) => cell.padStart(11)).join(""));
}
