import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { FunctionInfo, FunctionType } from "../deployment.js";
import type { FunctionPath } from "./engine.js";
import type { Host } from "../isolate/isolate.js";
import { platform } from "./platform.js";
import type { Query, QueryStreams } from "./queryStreams.js";
import type { Fields } from "./reads.js";
import { scopes } from "./scope.js";
import type { Transaction } from "./transaction.js";
import { checkDocument } from "./valueLimits.js";

/** Where a function runs, and what it may do. */
export interface CallSite {
  component: string;
  type: FunctionType;
  /** None in an action. */
  transaction: Transaction | undefined;
  streams: QueryStreams | undefined;
  /** Who may call a function: internal ones only those of the same component. */
  visibilityOf(path: FunctionPath): FunctionInfo["visibility"] | undefined;
  /** Runs a function in a separate transaction. */
  runAsAction(type: FunctionType, component: string, name: string, args: Value): Promise<Value>;
}

interface Address {
  name?: string;
  reference?: string;
  functionHandle?: string;
}

type Carry = (site: CallSite, args: never, text: string) => Promise<string>;

/**
 * The platform's side of a function: convex-test's answers, and notes of what is read and written.
 */
export function answerSyscalls(site: CallSite): Pick<Host, "syscall" | "asyncSyscall" | "readRow"> {
  return {
    syscall(name, args) {
      if (name === "1.0/queryStream") {
        const { query } = JSON.parse(args) as { query: Query };
        return JSON.stringify({ queryId: openStreams(site).open(query) });
      }
      if (name === "1.0/queryCleanup") return "{}";
      return platform.syscall(name, args);
    },
    async asyncSyscall(name, text) {
      if (!Object.hasOwn(carriers, name)) return await platform.asyncSyscall(name, text);
      return await carriers[name]!(site, JSON.parse(text) as never, text);
    },
    readRow: (queryId) => openStreams(site).readRow(queryId),
  };
}

const carriers: Record<string, Carry> = {
  async "1.0/runUdf"(site, address: Address, text) {
    reach(site, address);
    return await platform.asyncSyscall("1.0/runUdf", text);
  },

  // Nobody is signed in: this backend takes no tokens of users.
  "1.0/getUserIdentity": () => Promise.resolve("null"),

  async "1.0/createFunctionHandle"(site, address: Address) {
    const path = reach(site, address);
    if (!site.visibilityOf(path)) throw new Error(NO_HANDLE);
    return await Promise.resolve(JSON.stringify(`${HANDLE}${path.component};${path.name}`));
  },

  async "1.0/queryStreamNext"(site, { queryId }: { queryId: number }) {
    return JSON.stringify(await openStreams(site).fetch(queryId));
  },

  async "1.0/get"(site, { id }: { id: string }, text) {
    const answer = await platform.asyncSyscall("1.0/get", text);
    const document = JSON.parse(answer) as Fields | null;
    if (document) site.transaction?.see(site.component, id, document);
    else site.transaction?.reads.addDocument(site.component, id);
    return answer;
  },

  async "1.0/queryPage"(site, { query }: { query: Query }, text) {
    // convex-test would let it pass.
    if (site.component !== "") throw new Error("paginate() is only supported in the app.");
    const answer = await platform.asyncSyscall("1.0/queryPage", text);
    const { page } = JSON.parse(answer) as { page: Fields[] };
    for (const row of page) site.transaction?.see("", row._id as string, row);
    openStreams(site).noteWhole(query);
    return answer;
  },

  async "1.0/insert"(site, { table, value }: { table: string; value: Fields }, text) {
    const transaction = writable(site);
    checkDocument(value);
    const answer = await platform.asyncSyscall("1.0/insert", text);
    const { _id } = JSON.parse(answer) as { _id: string };
    const document = { ...value, _id, _creationTime: Date.now() };
    transaction.wrote(site.component, table, _id, document);
    return answer;
  },

  async "1.0/shallowMerge"(site, { id, value }: { id: string; value: Fields }, text) {
    const transaction = writable(site);
    checkDocument(value);
    const answer = await platform.asyncSyscall("1.0/shallowMerge", text);
    transaction.patched(site.component, tableOf(id), id, value);
    return answer;
  },

  async "1.0/replace"(site, { id, value }: { id: string; value: Fields }, text) {
    const transaction = writable(site);
    checkDocument(value);
    const answer = await platform.asyncSyscall("1.0/replace", text);
    transaction.replaced(site.component, tableOf(id), id, value);
    return answer;
  },

  async "1.0/remove"(site, { id }: { id: string }, text) {
    const transaction = writable(site);
    const answer = await platform.asyncSyscall("1.0/remove", text);
    transaction.wrote(site.component, tableOf(id), id, null);
    return answer;
  },

  async "1.0/schedule"(site, address: Address, text) {
    const transaction = writable(site);
    reach(site, address);
    // What is scheduled starts afresh, and inherits nothing.
    const answer = await scopes.exit(() => platform.asyncSyscall("1.0/schedule", text));
    const id = JSON.parse(answer) as string;
    transaction.wrote(site.component, "_scheduled_functions", id, { _id: id });
    return answer;
  },

  async "1.0/actions/schedule"(site, address: Address, text) {
    reach(site, address);
    return await platform.asyncSyscall("1.0/actions/schedule", text);
  },

  "1.0/actions/query": runFrom("query"),
  "1.0/actions/mutation": runFrom("mutation"),
  "1.0/actions/action": runFrom("action"),
};

function runFrom(type: FunctionType): Carry {
  return async (site, { args, ...address }: Address & { args: JSONValue }) => {
    const { component, name } = reach(site, address);
    const result = await site.runAsAction(type, component, name, jsonToConvex(args));
    return JSON.stringify(convexToJson(result));
  };
}

const HANDLE = "function://";
const NO_HANDLE = "Function handle not found";

/**
 * The function at an address that the convex library writes. Who has a handle may call what it
 * names, of any component, if that is still there. convex-test looks at neither.
 */
function reach(site: CallSite, address: Address): FunctionPath {
  if (address.functionHandle === undefined) {
    const path = addressed(site.component, address);
    checkVisible(site, path);
    return path;
  }
  const [component = "", name = ""] = address.functionHandle.replace(HANDLE, "").split(";");
  if (!site.visibilityOf({ component, name })) throw new Error(NO_HANDLE);
  return { component, name };
}

function addressed(from: string, { name, reference }: Address): FunctionPath {
  if (name !== undefined) return { component: from, name };
  // "_reference/childComponent/inner/rows/get"
  const [, , child = "", ...path] = (reference ?? "").split("/");
  const exported = path.pop();
  const component = from === "" ? child : `${from}/${child}`;
  return { component, name: `${path.join("/")}:${exported}` };
}

function checkVisible(site: CallSite, { component, name }: FunctionPath): void {
  if (component === site.component) return;
  if (site.visibilityOf({ component, name }) !== "internal") return;
  throw new Error(`Could not find public function for '${name}' in component "${component}".`);
}

function openStreams({ streams, type }: CallSite): QueryStreams {
  if (!streams) throw new Error(`Can't use ctx.db in ${type}s`);
  return streams;
}

function writable({ transaction, type }: CallSite): Transaction {
  if (!transaction || type !== "mutation") throw new Error(`Can't write from a ${type}`);
  return transaction;
}

/** convex-test ends an id with its table's name. */
function tableOf(id: string): string {
  return id.replace(/^\d+/, "");
}
