"""Another's history in this one: kept apart as a source of its own, unless a person chooses otherwise."""
