"""`python -m servanda.cli` is the `servanda` command."""

import sys

from servanda.cli import main

sys.exit(main())
