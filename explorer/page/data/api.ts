/** The functions that the page calls. */
export { api } from "../../../example/convex/_generated/api.js";
