import { convexToJson, type GenericValidator, type Value } from "convex/values";
import { isBytes } from "./bytes.js";
import { describeLiteral, describeType, describeValidator } from "./describe.js";
import { kvError } from "./errors.js";

/** Where a value does not fit its validator, and how. */
export interface Mismatch {
  /** Where in the value, such as `address.lines[2]`. "" is the value itself. */
  path: string;
  expected: string;
  got: string;
}

type ObjectKind = Extract<GenericValidator, { kind: "object" }>;

const FITS: readonly Mismatch[] = [];
const DOES_NOT: readonly Mismatch[] = [{ path: "", expected: "", got: "" }];

/**
 * Where and how `value` does not fit `validator`, a validator of `v.*`; null if it fits. If that
 * is a union, the mismatch is with the member that the value was meant for, if that can be told.
 *
 * Whether Convex can store the value at all is checked elsewhere (storable.ts). An id may be any
 * string: only a database could tell whether it is an id of the table. Throws invalid_value for
 * kinds of validators that this version of the package does not know.
 */
export function mismatch(validator: GenericValidator, value: unknown): Mismatch | null {
  return mismatches(validator, value, 1)[0] ?? null;
}

function fits(validator: GenericValidator, value: unknown): boolean {
  return mismatches(validator, value, 0).length === 0;
}

/**
 * The first `most` mismatches. Paths are relative to `value`. If `most` is 0, one blank mismatch
 * says that there is any: describing it would take longer.
 */
function mismatches(
  validator: GenericValidator,
  value: unknown,
  most: number,
): readonly Mismatch[] {
  if (value === undefined) {
    return validator.isOptional === "optional" ? FITS : misfit(validator, value, most);
  }
  switch (validator.kind) {
    case "any":
      return FITS;
    case "array":
      if (!Array.isArray(value)) return misfit(validator, value, most);
      return ofArray(validator.element, value, most);
    case "object":
      if (!isRecord(value)) return misfit(validator, value, most);
      return ofObject(validator.fields, value, most);
    case "record":
      if (!isRecord(value)) return misfit(validator, value, most);
      return ofRecord(validator, value, most);
    case "union":
      if (validator.members.some((member) => fits(member, value))) return FITS;
      return most === 0 ? DOES_NOT : ofUnion(validator, value, most);
    default:
      return isScalar(validator, value) ? FITS : misfit(validator, value, most);
  }
}

function isScalar(validator: GenericValidator, value: unknown): boolean {
  switch (validator.kind) {
    case "null":
      return value === null;
    case "float64":
      return typeof value === "number";
    case "int64":
      return typeof value === "bigint";
    case "commitTs":
      return typeof value === "bigint" || isCommitTsPlaceholder(value);
    case "boolean":
      return typeof value === "boolean";
    case "string":
    case "id":
      return typeof value === "string";
    case "bytes":
      return isBytes(value);
    case "literal":
      return value === validator.value;
    default:
      throw kvError({
        code: "invalid_value",
        message: `The store's validator has a part of the kind "${String(validator.kind)}", which this version of convex-kv does not know.`,
      });
  }
}

function ofArray(element: GenericValidator, value: unknown[], most: number) {
  return collect(value.keys(), most, (i, left) =>
    mismatches(element, value[i], left).map((each) => below(`[${i}]`, each)),
  );
}

function ofObject(fields: ObjectKind["fields"], value: Record<string, unknown>, most: number) {
  const surplus = Object.keys(value).filter(
    (name) => value[name] !== undefined && !Object.hasOwn(fields, name),
  );
  return collect([...Object.keys(fields), ...surplus], most, (name, left) => {
    const part = ownField(value, name);
    const found = Object.hasOwn(fields, name)
      ? mismatches(fields[name]!, part, left)
      : [{ path: "", expected: "nothing", got: describeType(part) }];
    return found.map((each) => below(name, each));
  });
}

function ofRecord(
  validator: Extract<GenericValidator, { kind: "record" }>,
  value: Record<string, unknown>,
  most: number,
) {
  const names = Object.keys(value).filter((name) => value[name] !== undefined);
  return collect(names, most, (name, left) => {
    const ofKey = mismatches(validator.key, name, left);
    const found = ofKey.length > 0 ? ofKey : mismatches(validator.value, value[name], left);
    return found.map((each) => below(name, each));
  });
}

/** What `look` finds at `places`, until there are `most` of it; one if `most` is 0. */
function collect<P>(
  places: Iterable<P>,
  most: number,
  look: (place: P, left: number) => readonly Mismatch[],
): readonly Mismatch[] {
  let found = FITS;
  for (const place of places) {
    const more = look(place, most - found.length);
    if (more.length === 0) continue;
    found = [...found, ...more];
    if (found.length >= most) break;
  }
  return found;
}

// --- Unions: no member fits, and the message is to be about the one that was meant.

// The closest member is the one with the fewest mismatches. They are counted no further than this.
const MOST_COUNTED = 20;

function ofUnion(
  union: Extract<GenericValidator, { kind: "union" }>,
  value: unknown,
  most: number,
) {
  const candidates = flat(union).filter((member) => isOfForm(member, value));
  if (candidates.length === 0) return misfit(union, value, most);
  const meant = isRecord(value) ? byLiterals(candidates, value) : candidates;
  return Array.isArray(meant) ? ofClosest(meant, value, most) : [meant];
}

/** The members of a union, and of the unions among them. */
function flat(validator: GenericValidator): GenericValidator[] {
  return validator.kind === "union"
    ? validator.members.flatMap((member) => flat(member))
    : [validator];
}

/** Whether both are arrays, or both objects, so that their parts can be compared. */
function isOfForm({ kind }: GenericValidator, value: unknown): boolean {
  if (Array.isArray(value)) return kind === "array";
  return isRecord(value) && (kind === "object" || kind === "record");
}

/**
 * Those of `candidates` whose literals fit the value. If a field is a literal in all of them, and
 * the value has none of these literals there: that mismatch.
 */
function byLiterals(
  candidates: GenericValidator[],
  value: Record<string, unknown>,
): GenericValidator[] | Mismatch {
  let left = candidates;
  for (const name of sharedLiterals(candidates)) {
    const fitting = left.filter((member) => fieldFits(member as ObjectKind, name, value));
    if (fitting.length === 0) return noLiteral(left as ObjectKind[], name, value);
    left = fitting;
  }
  // If only some have other literals, one whose literals fit is more likely than one without any.
  const telling = left.filter((member) => literalsFit(member, value));
  return telling.length > 0 ? telling : left;
}

/** The fields that are literals, or unions of literals, in all of `members`. */
function sharedLiterals(members: GenericValidator[]): string[] {
  const [first = [], ...others] = members.map(literalFields);
  return first.filter((name) => others.every((names) => names.includes(name)));
}

function literalFields(member: GenericValidator): string[] {
  if (member.kind !== "object") return [];
  const fields = member.fields;
  return Object.keys(fields).filter((name) =>
    flat(fields[name]!).every(({ kind }) => kind === "literal" || kind === "null"),
  );
}

function literalsFit(member: GenericValidator, value: Record<string, unknown>): boolean {
  const names = literalFields(member);
  return names.length > 0 && names.every((name) => fieldFits(member as ObjectKind, name, value));
}

function fieldFits({ fields }: ObjectKind, name: string, value: Record<string, unknown>) {
  return fits(fields[name]!, ownField(value, name));
}

function noLiteral(members: ObjectKind[], name: string, value: Record<string, unknown>): Mismatch {
  const literals = members.map(({ fields }) => fields[name]!);
  // It has only what `misfit` uses of a union: its kind and its members.
  const union = { kind: "union", members: literals } as unknown as GenericValidator;
  return below(name, misfit(union, ownField(value, name), 1)[0]!);
}

/** The mismatches of the member that has the fewest; the first of these, if there are several. */
function ofClosest(members: GenericValidator[], value: unknown, most: number): readonly Mismatch[] {
  const counted = members.length > 1 ? Math.max(most, MOST_COUNTED) : most;
  return members
    .map((member) => mismatches(member, value, counted))
    .reduce((best, found) => (found.length < best.length ? found : best))
    .slice(0, most);
}

// ---

/** The mismatch with the validator as a whole. */
function misfit(validator: GenericValidator, value: unknown, most: number): readonly Mismatch[] {
  if (most === 0) return DOES_NOT;
  // If literals are wanted, the type of the value alone would say too little.
  const describe = flat(validator).some(({ kind }) => kind === "literal")
    ? describeLiteral
    : describeType;
  return [{ path: "", expected: describeValidator(validator), got: describe(value) }];
}

/** The value of a field. What is inherited, `toString` for example, is not a field. */
function ownField(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function below(step: string, { path, ...rest }: Mismatch): Mismatch {
  const between = path === "" || path.startsWith("[") ? "" : ".";
  return { path: `${step}${between}${path}`, ...rest };
}

/** Whether a value has fields: of the objects that Convex can store, not arrays and bytes. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  return !Array.isArray(value) && !isBytes(value) && !isCommitTsPlaceholder(value);
}

/**
 * Whether a value is what `db.vars.commitTs` is until the mutation commits. Only the JSON that
 * Convex makes of it tells.
 */
function isCommitTsPlaceholder(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Object.keys(value).length > 0) return false;
  const json = convexToJson(value as Value);
  return typeof json === "object" && json !== null && "$commitTs" in json;
}
