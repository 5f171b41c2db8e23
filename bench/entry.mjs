// What the benchmarks take of the core.
import { keysModule } from "../dist/js/core/generated/keys.js";
import { treeModule } from "../dist/js/core/generated/tree.js";
import { provideModules } from "../dist/js/core/instance.js";

export { coreInstance } from "../dist/js/core/instance.js";
export { loadCore } from "../dist/js/core/loadCore.js";

provideModules(keysModule, treeModule);
