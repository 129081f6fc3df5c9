"""Why a family is one: a neutral sentence for each. The extension's English words are the same (a test holds them together)."""

from __future__ import annotations

REASONS = {
    "refusal": "It declines a request, in the words that a chatbot uses towards whoever runs it.",
    "missing_input": "It asks for material to work on, which a reader of the page cannot give.",
    "preamble": "It hands over a finished text to whoever ordered it.",
    "closing_offer": "It offers a further version or change to whoever ordered the text.",
    "rewrite_note": "It says how the text was reworked, as a report to whoever asked for it.",
    "slant_directive": "It says that the text was given a certain view or tone on instruction.",
    "prompt_echo": "It is the order given to the tool, printed with the result.",
    "reasoning": "It plans how to meet the request before the text begins.",
    "knowledge_cutoff": "It says up to when the tool's knowledge reaches.",
    "placeholder": "It is a place in a draft where a name or a figure was to be put in.",
    "seo_tail": "It lists a description, keywords or a word count that go with a draft, not with an article.",
    "format_instruction": "It speaks of the form that the text was to be given.",
    "other_leak": "It speaks about the making of this text by a tool.",
    "written_by_ai": "The page tells its readers that AI wrote it.",
    "ai_assisted": "The page tells its readers that AI took part in the work.",
    "ai_translated": "The page tells its readers that AI translated it.",
    "ai_summary": "The page tells its readers that AI made its summary.",
    "automated_data_story": "The page tells its readers that it was produced automatically from data.",
}


def reason(family: str) -> str:
    """The sentence of a family; a newer model's family has none here."""
    return REASONS.get(family, "")
