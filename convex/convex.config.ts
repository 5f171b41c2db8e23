import { type ComponentDefinition, defineComponent } from "convex/server";

// The type is written out so that the declarations say no more than every supported version of
// convex knows.
const component: ComponentDefinition = defineComponent("convexKv");

export default component;
