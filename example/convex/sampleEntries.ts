import type { Key, NewEntry } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";

// Entries of every kind that an app may have, to look at in the explorer.

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const NAMES = [
  "Ada",
  "Alan",
  "Barbara",
  "Donald",
  "Edsger",
  "Frances",
  "Grace",
  "John",
  "Katherine",
];
const CITIES = ["Lisbon", "Karachi", "Oslo", "Kyoto", "Nairobi"];
const ROLES = ["admin", "editor", "viewer"];

/** A few hundred entries. `now` is the time that ages and expiries count from. */
export function sampleEntries(now: number): NewEntry<Value>[] {
  return [
    ...users(now),
    ...settings(),
    ...sessions(now),
    ...metrics(now),
    ...files(),
    ...invites(),
    ...locks(),
    ...everyType(),
  ];
}

/** Small entries `from`, `from + 1`, …: 5,000 below each of `prefix`'s children. */
export function manyEntries(prefix: Key, from: number, count: number): NewEntry<Value>[] {
  return Array.from({ length: count }, (_, i) => {
    const n = from + i;
    return { key: [...prefix, Math.floor(n / 1000), n % 1000], value: { n, isEven: n % 2 === 0 } };
  });
}

function users(now: number): NewEntry<Value>[] {
  return range(120).flatMap((i) => {
    const id = `u${1001 + i}`;
    const name = pick(NAMES, i);
    const user = {
      name,
      email: `${name.toLowerCase()}.${i}@example.com`,
      city: pick(CITIES, i * 7),
      credits: BigInt((i * 7919) % 500),
      joinedAt: now - i * DAY,
    };
    const profile = { key: ["users", id], value: user, metadata: { role: pick(ROLES, i) } };
    if (i % 4 !== 0) return [profile];
    const preferences = { language: i % 8 ? "en" : "pt", newsletter: i % 3 === 0, tags: ["beta"] };
    return [profile, { key: ["users", id, "preferences"], value: preferences }];
  });
}

function settings(): NewEntry<Value>[] {
  const of = (org: string, path: string[], value: Value) => ({
    key: ["settings", org, ...path],
    value,
  });
  return ["acme", "globex", "initech"].flatMap((org, i) => [
    of(org, ["mail", "digest"], i ? "weekly" : "daily"),
    of(org, ["mail", "from"], `hello@${org}.example.com`),
    of(org, ["theme", "color"], ["slate", "teal", "plum"][i]!),
    of(org, ["theme", "density"], "cosy"),
    of(org, ["seats"], 10 * (i + 1)),
    of(org, ["beta"], i === 1),
  ]);
}

function sessions(now: number): NewEntry<Value>[] {
  return range(24).map((i) => ({
    key: ["sessions", `u${1001 + (i % 9)}`, `s-${(i * 2654435761 + 97).toString(36)}`],
    value: { startedAt: now - i * MINUTE },
    metadata: { device: pick(["Firefox on Linux", "Safari on iPhone", "Chrome on Windows"], i) },
    ttl: 20 * SECOND + i * i * 12 * SECOND,
  }));
}

function metrics(now: number): NewEntry<Value>[] {
  const today = BigInt(Math.floor(now / DAY));
  return ["cpu", "latency", "sign-ups"].flatMap((name, i) =>
    range(60).map((day) => ({
      key: ["metrics", name, today - BigInt(day)],
      value: Math.round(1000 * Math.abs(Math.sin(day + i * 3))) / 10,
    })),
  );
}

function files(): NewEntry<Value>[] {
  const text = "Convex KV keeps entries in the order of their keys.\n".repeat(80);
  const of = (path: string[], value: Value, type: string) => ({
    key: ["files", ...path],
    value,
    metadata: { type },
  });
  return [
    of(["README.md"], "# Files\n\nA folder tree, as one keeps it in a key-value store.\n", "text"),
    of(["docs", "guide", "start.md"], text, "text"),
    of(["docs", "guide", "deploy.md"], text.slice(0, 900), "text"),
    of(["docs", "api.json"], { version: "2.0.0", paths: range(40).map((n) => `/v2/${n}`) }, "json"),
    of(["img", "logo.png"], bytes(512), "image"),
    of(["img", "icons", "add.png"], bytes(64), "image"),
    of(["img", "icons", "remove.png"], bytes(64), "image"),
  ];
}

function invites(): NewEntry<Value>[] {
  return range(6).map((i) => ({
    key: ["invites", `inv_${i + 1}`],
    value: { org: "acme", email: `guest${i + 1}@example.com`, role: i ? "member" : "admin" },
    ttl: 7 * DAY - i * 5 * 60 * MINUTE,
  }));
}

function locks(): NewEntry<Value>[] {
  return ["billing", "export", "reindex"].map((name, i) => ({
    key: ["locks", name],
    value: `worker-${i + 1}`,
    ttl: 45 * SECOND * (i + 1),
  }));
}

/** A key part and a value of each type. */
function everyType(): NewEntry<Value>[] {
  const parts = [null, 42n, -7n, 42, -0.5, true, false, "text", "", "ünï/cødé", bytes(8)];
  const values: [string, Value][] = [
    ["null", null],
    ["int64", 9223372036854775807n],
    ["number", 3.14159],
    ["infinity", Infinity],
    ["boolean", true],
    ["string", 'Quotes " and \n new lines'],
    ["bytes", bytes(24)],
    ["array", [1, 2n, "three", null, [true]]],
    ["object", { id: 7n, nested: { list: [1.5, 2.5], blob: bytes(4) } }],
  ];
  return [
    ...parts.map((part) => ({ key: ["types", "of key parts", part], value: "a typed key part" })),
    ...values.map(([name, value]) => ({ key: ["types", "of values", name], value })),
  ];
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function pick<T>(list: readonly T[], i: number): T {
  return list[i % list.length]!;
}

/** So many bytes, the same each time. */
function bytes(length: number): ArrayBuffer {
  return Uint8Array.from({ length }, (_, i) => (i * 73 + 19) % 256).buffer;
}
