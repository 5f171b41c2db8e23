// What the benchmarks take of the core.
import { keysModule } from "../js/core/generated/keys.js";
import { treeModule } from "../js/core/generated/tree.js";
import { provideModules } from "../js/core/instance.ts";

export { coreInstance } from "../js/core/instance.ts";
export { loadCore } from "../js/core/loadCore.ts";

provideModules(keysModule, treeModule);
