import { CLIENT } from "./client.js";
import { COMPONENT, INTERNAL } from "./component.js";
import type { Outcome, Section } from "./cases.js";

// The table as the document shows it.

const START = "<!-- hostile inputs: start -->";
const END = "<!-- hostile inputs: end -->";

/** `document` with the table between its marks. */
export function withTable(document: string): string {
  const [before, rest] = document.split(START) as [string, string];
  const [, after] = rest.split(END) as [string, string];
  return `${before}${START}\n\n${rendered()}\n${END}${after}`;
}

function rendered(): string {
  return [
    "### The client's methods\n",
    ...CLIENT.map(renderedSection),
    "### The component's functions\n",
    ...COMPONENT.map(renderedSection),
    "### What it schedules, which only the dashboard and the CLI can call\n",
    ...INTERNAL.map(renderedSection),
  ].join("\n");
}

function renderedSection({ title, doors, cases }: Section): string {
  const names = [...new Set(doors.map(({ name }) => `\`${name}\``))].join(", ");
  const outcomes = new Map<string, string[]>();
  for (const { input, outcome } of cases) {
    const text = textOf(outcome);
    outcomes.set(text, [...(outcomes.get(text) ?? []), escaped(input)]);
  }
  // A list, since a table's rows would be hundreds of letters wide.
  const lines = [...outcomes].map(([outcome, inputs]) => `- ${outcome}: ${inputs.join(" · ")}`);
  return `**${title}**: ${names}\n\n${lines.join("\n")}\n`;
}

function textOf(outcome: Outcome): string {
  if (typeof outcome === "object") return outcome.returns;
  if (outcome === "Convex") return "refused by Convex";
  if (outcome === "TypeError") return "a `TypeError`";
  return `\`${outcome}\``;
}

function escaped(input: string): string {
  return input.replace(/[|\\*_<>]/g, "\\$&");
}
