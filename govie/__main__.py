"""``python -m govie`` is the command ``govie``."""

import sys

from govie.cli import main

sys.exit(main())
