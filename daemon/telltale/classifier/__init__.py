"""The note classifier: sentences in, one probability per family and sentence out. Knows nothing of the web."""
