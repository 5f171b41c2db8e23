// Starts a wasm module and makes of its memory another module, which is started already: what its
// static constructors do, and what `use` does after them, has been done when it is instantiated.
// Possible because the core has no state but its memory: no import gives it anything, its table
// never changes, and the one variable beside the memory, the stack's top, has its old value again
// when a call returns.

const EXPORT = 7;
const DATA = 11;
// Zeros between two runs of data that cost less than the header of another run.
const GAP = 8;

/**
 * `imports` are the functions to start it with; `use` gets the exports. Returns the started
 * module's bytes. It exports its memory and its table alone, so code that only the start needs can
 * fall out.
 */
export function snapshot(wasm, imports, use) {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports);
  const size = exports.memory.buffer.byteLength;
  use(exports);
  // The new module's memory would be smaller than what its data needs.
  if (exports.memory.buffer.byteLength !== size) throw new Error("The memory grew at the start");
  return withSections(wasm, {
    [EXPORT]: exportSection(),
    [DATA]: dataSection(new Uint8Array(exports.memory.buffer)),
  });
}

/** `wasm` with other sections in place of its own, by their numbers. */
function withSections(wasm, others) {
  const sections = [];
  for (let at = 8; at < wasm.length;) {
    const id = wasm[at];
    const [length, start] = readNumber(wasm, at + 1);
    sections.push(others[id] ?? wasm.subarray(at, start + length));
    delete others[id];
    at = start + length;
  }
  if (Object.keys(others).length > 0) throw new Error("The wasm lacks sections to replace");
  return Buffer.concat([wasm.subarray(0, 8), ...sections]);
}

function section(id, content) {
  return Buffer.concat([Buffer.from([id, ...unsigned(content.length)]), content]);
}

function exportSection() {
  // Of each kind, the first.
  const kinds = { __indirect_function_table: 1, memory: 2 };
  const entries = Object.entries(kinds).map(([name, kind]) =>
    Buffer.from([name.length, ...Buffer.from(name), kind, 0]),
  );
  return section(EXPORT, Buffer.concat([Buffer.from([entries.length]), ...entries]));
}

function dataSection(memory) {
  const runs = runsOf(memory).map(([start, end]) =>
    // Into memory 0, at an i32.const: the bytes.
    Buffer.concat([
      Buffer.from([0, 0x41, ...signed(start), 0x0b, ...unsigned(end - start)]),
      memory.subarray(start, end),
    ]),
  );
  return section(DATA, Buffer.concat([Buffer.from(unsigned(runs.length)), ...runs]));
}

/** The ranges that hold anything but zeros. */
function runsOf(memory) {
  const runs = [];
  for (let at = 0; at < memory.length; at++) {
    if (memory[at] === 0) continue;
    const last = runs.at(-1);
    if (last && at - last[1] <= GAP) last[1] = at + 1;
    else runs.push([at, at + 1]);
  }
  return runs;
}

// LEB128, as WebAssembly writes numbers.

function readNumber(bytes, at) {
  let number = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    number |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [number >>> 0, at];
  }
}

function unsigned(number) {
  const bytes = [];
  for (; number > 0x7f; number >>>= 7) bytes.push((number & 0x7f) | 0x80);
  return [...bytes, number];
}

function signed(number) {
  const bytes = [];
  for (; number > 0x3f; number >>>= 7) bytes.push((number & 0x7f) | 0x80);
  return [...bytes, number];
}
