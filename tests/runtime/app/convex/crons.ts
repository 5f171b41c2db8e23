import { cronJobs } from "convex/server";
import { api } from "./_generated/api";

const crons = cronJobs();
crons.interval("vacuum", { minutes: 5 }, api.my_kv.vacuum);
export default crons;
