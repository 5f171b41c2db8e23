import { entriesModule } from "../../../js/core/generated/entries.js";
import { jobsModule } from "../../../js/core/generated/jobs.js";
import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";
import { treeModule } from "../../../js/core/generated/tree.js";
import { ship } from "../../../js/core/instance.js";

export { loadCore } from "../../../js/core/loadCore.js";

// For tests that call the core themselves. In a deployment the files of functions do this.
ship(keysModule, entriesModule, plansModule, treeModule, jobsModule);
