/** The words of the domain, the same as in `daemon/telltale/domain.py`; a test holds the two together. */

export const LEAK_FAMILIES = [
  "refusal",
  "missing_input",
  "preamble",
  "closing_offer",
  "rewrite_note",
  "slant_directive",
  "prompt_echo",
  "reasoning",
  "knowledge_cutoff",
  "placeholder",
  "seo_tail",
  "format_instruction",
  "other_leak",
] as const;

export const DISCLOSURE_FAMILIES = [
  "written_by_ai",
  "ai_assisted",
  "ai_translated",
  "ai_summary",
  "automated_data_story",
] as const;

export const FAMILIES = [...LEAK_FAMILIES, ...DISCLOSURE_FAMILIES] as const;

export type Family = (typeof FAMILIES)[number];
