// What the benchmarks take of the core.
import { keysModule } from "../js/core/generated/keys.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.ts";

export { encodeKey } from "../js/core/encodeKey.ts";
export { coreInstance } from "../js/core/instance.ts";
export { openPlan } from "../js/core/openPlan.ts";

provideModules(keysModule, plansModule);
