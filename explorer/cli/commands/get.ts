import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatValue } from "../../notation/format.js";
import { formatPath } from "../../notation/path.js";
import { formatSpan } from "../../page/parts/numbers.js";
import { keyArgument } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { Failure } from "../failures.js";
import { printJson } from "../json.js";
import { print, writeRaw } from "../terminal/output.js";
import { formatTimestamp } from "../text.js";

interface Options {
  long?: boolean;
  raw?: boolean;
}

export const get: CommandDefinition<[key: KeyPart[]], Options> = {
  usage: "get",
  summary: "Print the value of an entry",
  details: "Without such an entry, the exit code is 1.",
  examples: [
    ["get users/42n/name", "the value"],
    ["get settings/theme --raw", "a string without quotes, or bytes as they are"],
    ["get sessions/7 --long", "with its metadata, times and version"],
    [`get '["users", "7"]' --json`, "the whole entry as Convex's JSON"],
  ],
  configure(command) {
    command
      .argument("<key>", "the key of the entry", keyArgument)
      .option("-l, --long", "also the metadata, the times and the version")
      .option("--raw", "a string without quotes, or bytes as they are, and nothing behind them");
  },
  async run({ ctx, store }, [key], { json, long, raw }) {
    const entry = await store.getWithMetadata(ctx, key);
    if (entry === null) throw new Failure(`There is no entry at ${formatPath(key)}.`);
    const { value, metadata, updatedAt, expiresAt, version } = entry;
    if (json) return await printJson(entry);
    if (raw) {
      if (typeof value === "string") return await writeRaw(value);
      if (value instanceof ArrayBuffer) return await writeRaw(new Uint8Array(value));
      throw new Failure(
        "The value is neither a string nor bytes, so there is no --raw form of it.",
      );
    }
    await print(formatValue(value));
    if (!long) return;
    await print("");
    if (metadata !== undefined) await print(`metadata: ${formatValue(metadata, "")}`);
    await print(`updated:  ${formatTimestamp(updatedAt)}`);
    await print(
      expiresAt === undefined
        ? "expires:  never"
        : `expires:  ${formatTimestamp(expiresAt)}, in ${formatSpan(expiresAt - Date.now())}`,
    );
    await print(`version:  ${version}`);
  },
};
