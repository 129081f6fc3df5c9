"""A corpus through the reading path: records from files, the daemon's verdicts, results where they are wanted."""
