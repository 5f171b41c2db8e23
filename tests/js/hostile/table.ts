import { CLIENT } from "./client.js";
import { BOUNDARY } from "./boundary.js";
import { COMPONENT, INTERNAL } from "./component.js";
import type { Outcome, Section } from "./cases.js";

// The table as the document shows it.

const START = "<!-- hostile inputs: start -->";
const END = "<!-- hostile inputs: end -->";

const CALLS = [...CLIENT, ...COMPONENT, ...INTERNAL].reduce(
  (sum, { doors, cases }) => sum + doors.length * cases.length,
  BOUNDARY.reduce((sum, { calls }) => sum + calls.length, 0),
);

const INTRODUCTION = `For each function, the result of each input. A name is the code of a ConvexError. "Refused by
Convex" means that the platform rejects the input with an error of its own, before the function runs or when it
writes. A call that is refused writes nothing. The tests make each of these
${CALLS.toLocaleString("en-US")} calls.
`;

/** `document` with the table between its marks. */
export function withTable(document: string): string {
  const [before, rest] = document.split(START) as [string, string];
  const [, after] = rest.split(END) as [string, string];
  return `${before}${START}\n\n${rendered()}\n${END}${after}`;
}

function rendered(): string {
  return [
    INTRODUCTION,
    "## The client's methods\n",
    ...CLIENT.map(withNames),
    "## The component's functions\n",
    ...COMPONENT.map(withNames),
    "## Scheduled functions, which only the dashboard and the CLI can call directly\n",
    ...INTERNAL.map(withNames),
    "## At the platform's own limits\n",
    ...BOUNDARY.map(({ title, door, calls }) =>
      renderedSection({ title, doors: door.split(", "), cases: calls }),
    ),
  ].join("\n");
}

function withNames({ title, doors, cases }: Section): string {
  return renderedSection({ title, doors: doors.map(({ name }) => name), cases });
}

interface Rendered {
  title: string;
  doors: string[];
  cases: { input: string; outcome: Outcome }[];
}

function renderedSection({ title, doors, cases }: Rendered): string {
  const names = [...new Set(doors)].map((name) => `\`${name}\``).join(", ");
  const outcomes = new Map<string, string[]>();
  for (const { input, outcome } of cases) {
    const text = textOf(outcome);
    outcomes.set(text, [...(outcomes.get(text) ?? []), escaped(input)]);
  }
  // A list, since a table's rows would be hundreds of characters wide.
  const lines = [...outcomes].map(([outcome, inputs]) => `- ${outcome}: ${inputs.join(" · ")}`);
  return `**${title}**: ${names}\n\n${lines.join("\n")}\n`;
}

function textOf(outcome: Outcome): string {
  if (typeof outcome === "object") return outcome.returns;
  if (outcome === "Convex") return "refused by Convex";
  if (outcome === "TypeError") return "a `TypeError`";
  return `\`${outcome}\``;
}

// `[[` too: Prettier takes it for a link, and would not wrap the line.
function escaped(input: string): string {
  return input.replace(/[|\\*_<>]|\[(?=\[)|(?<=\[)\[/g, "\\$&");
}
