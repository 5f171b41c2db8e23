import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";
import { provideModules } from "../../../js/core/instance.js";

export { encodeKey } from "../../../js/core/encodeKey.js";
export { openPlan } from "../../../js/core/openPlan.js";

// For tests that call the core themselves. In a deployment the files of functions do this.
provideModules(keysModule, plansModule);
