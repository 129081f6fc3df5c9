import { FAMILIES, type Family } from "./families";
import type { DaemonStatus, Note, Outlet, Reading, Stand } from "./reading";

/**
 * What came over the wire is checked before it is believed: whatever else may listen on that port is not the daemon,
 * and a daemon of another version may speak otherwise. Each check answers null for what it does not know.
 */

type Fields = Record<string, unknown>;

const VERDICTS = ["disclosed", "undisclosed", "none"] as const;
const PLACES = ["title", "byline", "block"] as const;
const DECISIONS = ["confirmed", "dismissed"] as const;
const KINDS = ["leak", "disclosure"] as const;

export function asReading(value: unknown): Reading | null {
  const stand = asStand(value);
  const { first_seen, page_id } = fields(value);
  return stand && { ...stand, first_seen: text(first_seen), page_id: count(page_id) };
}

/** A daemon that knows no decisions sends no `dismissed`. */
export function asStand(value: unknown): Stand | null {
  const it = fields(value);
  const verdict = oneOf(VERDICTS, it.verdict);
  const notes = all(it.notes, asNote);
  const dismissed = all(it.dismissed ?? [], asNote);
  return verdict && notes && dismissed ? { verdict, notes, dismissed, outlet: asOutlet(it.outlet) } : null;
}

export function asStatus(value: unknown): DaemonStatus | null {
  const it = fields(value);
  const state = oneOf(["ready", "loading"] as const, it.state);
  const version = text(it.version);
  const protocol = count(it.protocol);
  if (!state || version === null || protocol === null) return null;
  return { state, version, protocol, model: text(it.model) };
}

function asNote(value: unknown): Note | null {
  const it = fields(value);
  const where = oneOf(PLACES, it.where);
  const kind = oneOf(KINDS, it.kind);
  const [start, end, confidence, quote] = [count(it.start), count(it.end), number(it.confidence), text(it.quote)];
  if (!where || !kind || start === null || end === null || confidence === null || quote === null) return null;
  const decision = oneOf(DECISIONS, it.decision);
  const place = { where, block: count(it.block), start, end, quote };
  return { ...place, kind, family: familyOf(it.family, kind), confidence, decision };
}

/** A family this version has no words for is told as the broad one of its kind, so that a newer daemon still works. */
function familyOf(value: unknown, kind: Note["kind"]): Family {
  return oneOf(FAMILIES, value) ?? (kind === "leak" ? "other_leak" : "ai_assisted");
}

function asOutlet(value: unknown): Outlet | null {
  const it = fields(value);
  const [domain, pages, undisclosed, disclosed] = [
    text(it.domain),
    count(it.pages),
    count(it.undisclosed),
    count(it.disclosed),
  ];
  if (!domain || pages === null || undisclosed === null || disclosed === null) return null;
  return { domain, pages, undisclosed, disclosed };
}

/** The text of one field of a JSON object, or null. */
export function textField(value: unknown, name: string): string | null {
  return text(fields(value)[name]);
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function all<T>(value: unknown, check: (item: unknown) => T | null): T[] | null {
  if (!Array.isArray(value)) return null;
  const checked = value.map(check).filter((item) => item !== null);
  return checked.length === value.length ? checked : null;
}

function oneOf<const T extends readonly string[]>(allowed: T, value: unknown): T[number] | null {
  return allowed.find((word) => word === value) ?? null;
}

function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function count(value: unknown): number | null {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : null;
}
