/* eslint-disable @typescript-eslint/no-unused-expressions -- the host takes the script's value */
// Runs first in each context and gives it the globals that Convex's runtime has. A function
// expression: it takes what the host offers, and returns what the host drives the context with.
//
// Nothing of the host's own realm may be reached from here, or code could leave the context by
// `value.constructor.constructor("...")()`: host functions take and give strings, numbers and this
// context's own views, and stay in this closure. Whatever can fail returns undefined instead.
(host) => {
  "use strict";
  const global = globalThis;
  const pending = new Map();

  function define(name, value) {
    Object.defineProperty(global, name, { value, writable: true, configurable: true });
  }

  function ask(name, args) {
    return new Promise((resolve, reject) => {
      pending.set(host.asyncSyscall(String(name), String(args)), { resolve, reject });
    });
  }

  // Rows come many at a time, since each answer that has to be waited for costs the host a turn. A
  // row counts as read only when it is asked for.

  const NEXT_ROW = "1.0/queryStreamNext";
  const fetched = new Map();

  async function nextRow(args) {
    const { queryId } = JSON.parse(args);
    let rows = fetched.get(queryId);
    if (rows === undefined || rows.length === 0) {
      rows = JSON.parse(await ask(NEXT_ROW, args)).reverse();
      fetched.set(queryId, rows);
    }
    const answer = host.readRow(queryId);
    if (answer.failed) throw failure(answer.text, answer.data);
    return rows.pop();
  }

  // Convex: the calls that the convex library makes.

  function failure(text, data) {
    const error = new Error(text);
    // The convex library makes a ConvexError of it.
    if (data !== undefined) error.data = JSON.parse(data);
    return error;
  }

  define("Convex", {
    syscall(name, args) {
      const answer = host.syscall(String(name), String(args));
      if (answer.failed) throw failure(answer.text, answer.data);
      return answer.text;
    },
    asyncSyscall: (name, args) => (name === NEXT_ROW ? nextRow(args) : ask(name, args)),
    jsSyscall: (name) => Promise.reject(failure(host.unsupported(String(name)))),
    op: (name) => {
      throw failure(host.unsupported(String(name)));
    },
  });

  // The clock: one time for a whole call, and none while modules load.

  const RealDate = Date;
  function now() {
    const time = host.now();
    if (time === undefined) throw new Error("Date unsupported at import time");
    return time;
  }
  function ConvexDate(...args) {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target);
  }
  Object.defineProperties(ConvexDate, {
    ...Object.getOwnPropertyDescriptors(RealDate),
    now: { value: now, writable: true, configurable: true },
  });
  ConvexDate.prototype.constructor = ConvexDate;
  define("Date", ConvexDate);
  delete global.Temporal; // its clock cannot be stopped

  // Text.

  define(
    "TextEncoder",
    class TextEncoder {
      get encoding() {
        return "utf-8";
      }
      encode(text = "") {
        const string = String(text);
        const bytes = new Uint8Array(string.length * 3);
        return bytes.slice(0, host.encodeInto(string, bytes).written);
      }
      encodeInto(text, bytes) {
        const { read, written } = host.encodeInto(String(text), bytes);
        return { read, written };
      }
    },
  );
  define(
    "TextDecoder",
    class TextDecoder {
      constructor(label = "utf-8", { fatal = false, ignoreBOM = false } = {}) {
        if (!/^utf-?8$/i.test(label)) throw new RangeError(`No such encoding here: ${label}`);
        this.encoding = "utf-8";
        this.fatal = fatal;
        this.ignoreBOM = ignoreBOM;
      }
      decode(bytes = new Uint8Array()) {
        const text = host.decode(bytes, this.fatal, this.ignoreBOM);
        if (text === undefined) throw new TypeError("The encoded data was not valid utf-8");
        return text;
      }
    },
  );
  function base64(name) {
    define(name, (text) => {
      const answer = host[name](String(text));
      if (answer === undefined)
        throw new Error(`${name} was given a character that it cannot take`);
      return answer;
    });
  }
  base64("atob");
  base64("btoa");
  // Convex's V8 has it; that of Node.js 20 does not.
  Uint8Array.fromBase64 ??= (text) => new Uint8Array(host.fromBase64(String(text)));

  // Randomness.

  function getRandomValues(view) {
    host.random(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    return view;
  }

  // Digests are all that there is of crypto.subtle.

  function bytesOf(data) {
    if (ArrayBuffer.isView(data)) {
      return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    }
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    throw new TypeError("crypto.subtle.digest takes an ArrayBuffer or a view of one");
  }
  async function digest(algorithm, data) {
    const name = String(typeof algorithm === "object" ? algorithm.name : algorithm).toUpperCase();
    const hash = new Uint8Array(64);
    const length = host.digest(name, bytesOf(data), hash);
    if (length === undefined) throw new Error(`Unrecognized algorithm name: ${name}`);
    return hash.slice(0, length).buffer;
  }
  define("crypto", {
    getRandomValues,
    randomUUID: () => host.randomUUID(),
    subtle: { digest },
  });

  // Timers: actions alone have them.

  function absent(name) {
    return () => {
      const advice = "Please consider using an action.";
      throw new Error(`Can't use ${name} in queries and mutations. ${advice}`);
    };
  }
  if (host.isAction) {
    let lastTimer = 0;
    const timers = new Map();
    define("setTimeout", (callback, delay, ...args) => {
      const timer = ++lastTimer;
      timers.set(timer, callback);
      const time = new Promise((resolve) =>
        pending.set(host.sleep(Number(delay) || 0), { resolve }),
      );
      void time.then(() => {
        if (timers.delete(timer)) callback(...args);
      });
      return timer;
    });
    define("clearTimeout", (timer) => void timers.delete(timer));
  } else {
    for (const name of ["setTimeout", "setInterval", "fetch"]) define(name, absent(name));
    for (const name of ["clearTimeout", "clearInterval"]) define(name, () => {});
  }

  // The console's lines are part of a call's answer.

  function readable(value) {
    if (typeof value === "string") return value;
    if (value instanceof Error) return value.stack ?? String(value);
    try {
      const plain = (_, part) => (typeof part === "bigint" ? `${part}n` : part);
      return JSON.stringify(value, plain) ?? String(value);
    } catch {
      return String(value);
    }
  }
  const levels = { log: "LOG", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR" };
  const print = ([method, level]) => [
    method,
    (...values) => host.log(level, values.map(readable).join(" ")),
  ];
  define("console", Object.fromEntries(Object.entries(levels).map(print)));

  define("process", { env: JSON.parse(host.environment) });
  // Convex never reports when an object is collected.
  define(
    "FinalizationRegistry",
    class FinalizationRegistry {
      register() {}
      unregister() {}
    },
  );

  // What the host drives this context with. Nothing here runs the code of modules: that is for the
  // microtasks, which the host lets run under a limit of time.

  function errorParts(error) {
    try {
      const isObject = typeof error === "object" && error !== null;
      const isError = isObject && typeof error.message === "string";
      const name = isError ? String(error.name) : "Error";
      const message = isError ? error.message : readable(error);
      const stack = isError && typeof error.stack === "string" ? error.stack : "";
      // The convex library has made JSON text of a ConvexError's data.
      const isConvexError = isObject && Symbol.for("ConvexError") in error;
      return [name, message, stack, isConvexError ? String(error.data) : undefined];
    } catch {
      return ["Error", "An error that cannot be read", "", undefined];
    }
  }

  return {
    /** Calls a method of an export: of the registered function of that name. */
    call(exports, name, method, ...args) {
      Promise.resolve()
        .then(() => {
          host.started();
          return exports[name][method](...args);
        })
        .then(
          (result) => host.done(String(result)),
          (error) => host.failed(...errorParts(error)),
        );
    },
    /** Hands the module's exports to `look`, and its result to the host, as JSON. */
    look(exports, look) {
      Promise.resolve()
        .then(() => JSON.stringify(look(exports)))
        .then(
          (result) => host.done(String(result)),
          (error) => host.failed(...errorParts(error)),
        );
    },
    settle(id, text) {
      const { resolve } = pending.get(id);
      pending.delete(id);
      void Promise.resolve().then(() => {
        host.started();
        resolve(text);
      });
    },
    reject(id, text, data) {
      const { reject } = pending.get(id);
      pending.delete(id);
      void Promise.resolve().then(() => {
        host.started();
        reject(failure(text, data));
      });
    },
    errorParts,
    TypeError,
  };
};
