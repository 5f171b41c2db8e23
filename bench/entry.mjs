// What the benchmarks take of the core.
export { coreInstance } from "../dist/js/core/instance.js";
export { loadCore } from "../dist/js/core/loadCore.js";
