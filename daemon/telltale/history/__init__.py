"""What this browser has read: pages, the notes on them, how they changed, and the outlets they came from."""

from .database import HistoryError, open_database
from .history import History

__all__ = ["History", "HistoryError", "open_database"]
