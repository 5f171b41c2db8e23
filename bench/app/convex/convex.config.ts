import kv from "../../../dist/convex/convex.config.js";
import published from "convex-kv-published/convex.config.js";
import { defineApp } from "convex/server";

// One app that keeps the same entries in three ways: here, in 1.0.3, and in a table of its own.

const app = defineApp();
app.use(kv);
app.use(published, { name: "published" });

export default app;
