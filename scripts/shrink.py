"""Make screenshots small: `python scripts/shrink.py FOLDER` gives each PNG in it a palette of 256 colours.

Pages of text have few colours, so that nothing is seen of it. Fails where one stays larger than documentation should load.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

LARGEST = 60_000  # bytes


def shrink(file: Path) -> int:
    """The size in bytes after it."""
    with Image.open(file) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.stat().st_size


def main(folder: Path) -> None:
    for file in sorted(folder.glob("*.png")):
        size = shrink(file)
        print(f"{file.name} {size}")
        if size > LARGEST:
            sys.exit(f"{file.name} has {size} bytes; {LARGEST} are allowed.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
