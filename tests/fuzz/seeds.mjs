// Makes the inputs that the fuzz targets set out from: tests/vectors, messages such as cross in
// earnest, and what fuzzing found (corpus/). `node tests/fuzz/seeds.mjs FOLDER` writes a folder for
// each target; the build does that.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { root, runAsScript } from "../../tools/lib/run.mjs";

const found = join(root, "tests/fuzz/corpus");
const vectors = (name) => JSON.parse(readFileSync(join(root, "tests/vectors", name), "utf8"));
const everyFourth = (all) => all.filter((_, i) => i % 4 === 0);
const hex = (text) => Buffer.from(text, "hex");
const END = Buffer.from([0xff]); // of a text or of bytes (feed.hpp)
const bytes = (...parts) => Buffer.concat(parts.map((part) => Buffer.from(part)));

const transactionLimits = {
  bytesRead: { remaining: 16777216 },
  documentsRead: { remaining: 100 },
  documentsWritten: { remaining: 60 },
  databaseQueries: { remaining: 50 },
  bytesWritten: { remaining: 16777216 },
};
const progress = [
  { plan: "delete", lower: { $bytes: "EGEA" }, upper: { $bytes: "EGEA/w==" } },
  { plan: "delete", lower: { $bytes: "" }, upper: { $bytes: "/w==" }, after: { $bytes: "CQI=" } },
  { plan: "sweep", until: 200, since: { $float: "AAAAAAAA8P8=" } },
  { plan: "sweep", until: { $float: "mpmZmZlFj0A=" }, since: 0 },
  { plan: "sweep", until: 10, since: -5, expiresAt: 10, creationTime: 4 },
  { plan: "sweep", until: 10, expiresAt: { $float: "AAAAAAAA+H8=" }, creationTime: 4 },
  { plan: "delete", lower: { $bytes: "" }, upper: { $bytes: "/w==" }, reverse: true },
  { plan: "move", onConflict: "skip", from: { $bytes: "EGEA" }, to: { $bytes: "EGIA" } },
  {
    ...{ plan: "copy", onConflict: "overwrite", from: { $bytes: "EGEA" }, to: { $bytes: "" } },
    after: { $bytes: "EGEAEGIA" },
  },
  { plan: "migrate" },
  { plan: "migrate", after: "a\u0000\u00e4" },
];
const requests = [
  { plan: "page" },
  { plan: "page", limit: 3, cursor: null, transactionLimits },
  { plan: "page", limit: 8192, transactionLimits: null },
  { plan: "page", limit: 2, cursor: cursorOf("10", "1061") },
  { plan: "page", endCursor: "", reverse: true },
  { plan: "all", transactionLimits },
  { plan: "first", reverse: true, transactionLimits },
  { plan: "count", limit: 3, transactionLimits },
  { plan: "children", limit: 2, transactionLimits },
  { plan: "children", reverse: true, transactionLimits },
  { plan: "move", now: 5, onConflict: "error", transactionLimits },
  { plan: "copy", now: 5, onConflict: "overwrite", transactionLimits },
  { plan: "delete", now: 5, transactionLimits },
  { plan: "sweep", now: 120, transactionLimits },
  { plan: "sweep", now: 60, watermark: 59 },
  { plan: "sweep", now: 60, since: -100 },
  ...progress.map((rest, i) => ({
    ...{
      plan: "resume",
      from: JSON.stringify(rest),
      epoch: i,
      now: 7,
      failures: i,
      transactionLimits,
    },
  })),
];

/** Of a range below a prefix, which none of ours is: the fingerprint is another's. */
function cursorOf(...parts) {
  const [mark, position] = parts.map((part) => hex(part).toString("base64url"));
  return Buffer.from(JSON.stringify([1, mark, position])).toString("base64url");
}

// kind, size, path (feed.hpp): with no expiry, with one, with epochs, with values.
const row = (kind, size, path, ...rest) => bytes([kind, size], path, END, rest);
const rows = bytes(
  row(0, 200, "\x10a\0"),
  row(4, 90, "\x10a\0\x10b\0", 3),
  row(5, 90, "\x10a\0\x10c\0", 3),
  row(0x46, 90, "\x10b\0", 3),
  row(0x34, 250, "\x10b\0\x10d\0", 9, 0, 1, 0, 0, 2),
);

// A part of a key in wire form (src/convex_kv/keys/key_wire.hpp).
const u32 = (number) => Buffer.from(Uint32Array.of(number).buffer);
const text = (value) => bytes([5], u32(value.length), Buffer.from(value, "utf16le"));
const wires = [
  bytes([0, 3, 4]),
  bytes([1], Buffer.from(BigInt64Array.of(-129n).buffer)),
  bytes([2], Buffer.from(Float64Array.of(-0).buffer)),
  text("users"),
  text("\ufeffa\0\ud83d\ude00"),
  text("\ud83d"),
  bytes([6], u32(3), [0, 255, 1]),
  bytes(text("a"), [6], u32(9), [1]),
];

const wireRow = (expiresAt, creationTime, numbers, path) =>
  bytes(
    Buffer.from(Float64Array.of(expiresAt, creationTime).buffer),
    ...numbers.map(u32),
    u32(path.length),
    path,
  );
const wireRows = [
  bytes([1]),
  bytes([0], wireRow(NaN, 5, [0, 200, 0, 0], "\x10a\0")),
  bytes(
    [1],
    wireRow(7.5, 5, [2, 200, 3000, 1], "\x10a\0"),
    wireRow(-Infinity, 5.25, [0, 1048576, 0, 0], ""),
  ),
  bytes([2], wireRow(1, 2, [0, 1, 0, 0], "x")),
];

// Without FF, at which what is read of an input ends.
const deletions = bytes(u32(1), u32(2), u32(3), "\x10a\0", u32(3), "\x10b\0");

// Nodes of a counted prefix (src/convex_kv/counted/node_wire.hpp): leaves, and branches.
const f64 = (...numbers) => Buffer.from(Float64Array.of(...numbers).buffer);
const leaves = [
  bytes([1, 0]),
  bytes([1, 2], [0, 1, 0x61, 0], [0, 1, 0x62, 0]),
  bytes([1, 3], [0, 2, 0x10, 0x61, 1], f64(5), [1, 1, 0x62, 2], f64(-0.5), [2, 1, 0, 0]),
];
const sumOfOne = bytes([4, 33], u32(1 << 18));
const branches = [
  bytes([2, 0, 0]),
  bytes([2, 0, 1], [0, 0, 0, 1, 0, 0]),
  bytes(
    [2, 0x80, 2, 2],
    ...[[0, 0, 3], "one", [4], sumOfOne, [1], f64(5, Infinity)],
    ...[[0, 2, 0x10, 0x63, 3], "two", [1, 0, 0]],
  ),
];

// Questions about them (src/convex_kv/messages/counted_message.hpp).
const string = (value) => bytes([value.length], value);
const end = string(Buffer.from([0xff]));
const views = branches.flatMap((branch) => [
  bytes(f64(9), end, [1], string(branch), [0]),
  bytes(f64(9), end, [1], string(branch), [2], ...leafOf("one"), ...leafOf("two")),
]);
const nodes = branches.flatMap((branch) => [
  bytes(end, [1], string(""), string(branch), [0, 0]),
  bytes(end, [1, 0], string(branch), [2], ...leafOf("one"), ...leafOf("two"), [1], string("new")),
]);
const everything = bytes(string(""), end);
const path = string("\x10a\0");

function leafOf(id) {
  return [string(id), string(leaves.at(id === "one" ? 2 : 1))];
}

// The prefix that a move or copy goes to.
const to = bytes("\x10b\0", END);

const corpus = {
  base64: ["", "QQ==", "QUI=", "QUJD", "-_-_", "+/+/", "QQ", "QR==", "Q UJD", "////"],
  utf8: [
    "users",
    "\ufeff",
    "\u{10ffff}\u{10000}",
    hex("c080"),
    hex("eda080"),
    hex("f4908080"),
    hex("e282"),
    hex("3dd800de"),
    hex("00de3dd8"),
    hex("ffff0000"),
  ],
  sort_key: [...everyFourth(vectors("keys.json")).map((vector) => hex(vector.bytes))],
  key_wire: wires,
  rows: wireRows,
  convex_json: [
    ...requests.map((request) => JSON.stringify(request)),
    '{"$float":"AAAAAAAA+H8="}',
    '{"$bytes":"EGEA"}',
    '[1,-1,9007199254740991,18446744073709551615,"\\ud83d\\ude00\\u0000",null,true,[[]]]',
    '[1.5,1e3,"\\ud800"]',
    '{"$float":"AAAAAAAAAIA="}',
  ],
  cursor: [
    bytes("\x10a\0", END, END, END, cursorOf("10", "1061")),
    bytes("\x10a\0", END, "\x10a\0", END, "\x10b\0", END, "\x10c\0"),
    bytes(END, END, END, "WzEsIiIsIiJd"),
    bytes(END, "\x03", END, "\x0f", END, "bm8"),
  ],
  job_message: [
    { event: "started", latestEpoch: 3 },
    { event: "batchDue", step: 3 },
    { event: "batchEnded", hasMore: true, hasFailed: false, isSweep: true },
    { event: "watchDue", failures: 1 },
    { event: "watchSeen", due: 5, isPending: true },
    { event: "jobSeen", isWatchPending: false },
    { event: "replaced" },
  ].map((event) =>
    JSON.stringify({
      ...event,
      now: 9,
      ...(event.event !== "started" && { job: { step: 3, failures: 1, leaseUntil: 8 } }),
    }),
  ),
  counted_node: leaves.flatMap((leaf) =>
    branches.map((branch) => bytes(leaf, [0xff, 0xff], branch)),
  ),
  counted_message: [
    ...views.flatMap((view) => [
      bytes([1], view, everything),
      bytes([2], view, everything, f64(1)),
      bytes([2], view, everything, f64(-1)),
      bytes([3], view, everything, path),
    ]),
    ...nodes.flatMap((node) => [
      bytes([4], node, [2], path, [0], string("\x10b\0"), [1], f64(Infinity, 2)),
      bytes([5], node, everything),
      bytes([5], node, path, end),
      bytes([6], node, f64(9), [8]),
      bytes([7], node),
    ]),
  ],
  progress: progress.map((rest, i) => bytes(JSON.stringify(rest), END, [i, 6], rows)),
  plan_request: requests.flatMap((request, i) => [
    bytes(JSON.stringify(request), END, [0], i % 2 ? "" : "\x10a\0", END, [1, 2], to, [2], rows),
    bytes(JSON.stringify(request), END, [1, 0xff, 3, 1, 0, 3], rows),
  ]),
  core: [
    ...wires.map((wire) => bytes([0, 0], wire, END, [7, 0])),
    ...vectors("keys.json")
      .slice(0, 12)
      .map((vector) => bytes([0, 1], hex(vector.bytes), END)),
    ...requests.map((request) =>
      bytes(
        [0, 9],
        JSON.stringify(request),
        END,
        END,
        [127, 127, 127, 127, 127, 1, 1, 0, 1],
        ...[deletions, END],
        [1, 0, 11, 1, 0, 12],
        wireRows[0],
        [...[0xff, 1, 0, 14, 1, 0, 13, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 15]],
      ),
    ),
  ],
};

/** The names of the targets. */
export const targets = Object.keys(corpus).sort();

function writeInputs(folder) {
  for (const [target, inputs] of Object.entries(corpus)) {
    const into = join(folder, target);
    rmSync(into, { recursive: true, force: true });
    mkdirSync(into, { recursive: true });
    inputs.forEach((input, i) => {
      writeFileSync(join(into, String(i + 1).padStart(3, "0")), Buffer.from(input));
    });
    const ours = join(found, target);
    if (!existsSync(ours)) continue;
    for (const name of readdirSync(ours)) copyFileSync(join(ours, name), join(into, name));
  }
}

await runAsScript(import.meta.url, async ([folder]) => writeInputs(folder));
