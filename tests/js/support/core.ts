import { allModule } from "../../../js/core/generated/all.js";
import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";
import { ship } from "../../../js/core/instance.js";

export { loadCore } from "../../../js/core/loadCore.js";

// For tests that call the core themselves. In a deployment the files of functions do this.
ship(keysModule, plansModule, allModule);
