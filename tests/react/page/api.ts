import { anyApi, type ApiFromModules } from "convex/server";
import type * as notes from "../app/convex/notes.js";

export const api = anyApi as unknown as ApiFromModules<{ notes: typeof notes }>;
