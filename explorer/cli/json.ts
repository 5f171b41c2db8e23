import { convexToJson, type Value } from "convex/values";
import { print } from "./terminal/output.js";

/** Prints a line of Convex's JSON, for programs. Fields that are undefined are left out. */
export async function printJson(value: object): Promise<void> {
  await print(JSON.stringify(convexToJson(value as Value)));
}
