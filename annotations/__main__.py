"""``python -m annotations``."""

import sys

from annotations.cli import main

if __name__ == "__main__":
    sys.exit(main())
