"""Telltale spots the notes that AI leaves behind in the news."""

__version__ = "0.1.0"
