"""The note classifier: sentences in, one probability per family and sentence out. Knows nothing of the web."""

import os

# Torch's threads wait for each other some thousand times a page. By default they do so in a loop, and take the core from a
# browser that needs it; asleep, waking them makes a page take half as long again. So they sleep after a tenth of a millisecond.
# Read when torch is imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "30000")
