import { testHooks } from "./support/hooks.js";

testHooks("18");
