"""What `scripts/chaos` does to a daemon, one kind of fault a module. `tests/faults` runs the same in short."""
