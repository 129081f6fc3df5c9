"""The history, or what a search chooses of it, for other programs: CSV, JSON, NDJSON and SQLite."""
