"""The history pages that the daemon serves to its own browser."""
