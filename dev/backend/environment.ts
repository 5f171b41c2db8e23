import { RequestFault } from "./http/reply.js";

/** One variable. As the CLI sends a change, null takes the variable away. */
interface Change {
  name: string;
  value: string | null;
}

/** A deployment's environment variables: what the app's own functions find in `process.env`. */
export class Environment {
  private readonly variables = new Map<string, string>();

  /** Throws a RequestFault, and changes nothing, if any of it is no change. */
  update(changes: unknown): void {
    if (!Array.isArray(changes) || !changes.every(isChange)) {
      throw new RequestFault(
        400,
        "InvalidEnvironmentVariables",
        "The changes are not an array of {name, value}. Names are made of letters, digits and _, and are not longer than 40 characters; values are texts, or null.",
      );
    }
    for (const { name, value } of changes) {
      if (value === null) this.variables.delete(name);
      else this.variables.set(name, value);
    }
  }

  get(name: string): Change | null {
    const value = this.variables.get(name);
    return value === undefined ? null : { name, value };
  }

  list(): { name: string; value: string }[] {
    return [...this.variables].map(([name, value]) => ({ name, value }));
  }

  /** A component has none of the app's. JSON: the code inside makes an object of its own of it. */
  textFor(component: string): string {
    return JSON.stringify(component === "" ? Object.fromEntries(this.variables) : {});
  }
}

function isChange(change: unknown): change is Change {
  if (typeof change !== "object" || change === null) return false;
  const { name, value } = change as Record<string, unknown>;
  const isName = typeof name === "string" && /^[A-Za-z_]\w{0,39}$/.test(name);
  return isName && (value === null || typeof value === "string");
}
