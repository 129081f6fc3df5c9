"""The note classifier: sentences in, one probability per family and sentence out. Knows nothing of the web."""

import os

# Torch's threads wait for each other some hundred times a page. By default they do so in a loop, and a page takes seven
# times as long while the browser keeps one of two cores busy; asleep they lose nothing. Read when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
