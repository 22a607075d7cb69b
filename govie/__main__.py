"""``python -m govie`` is the command ``govie``."""

import sys

from govie.cli import main

if __name__ == "__main__":  # worker processes load this file too
    sys.exit(main())
