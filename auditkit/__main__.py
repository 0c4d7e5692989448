"""`python -m auditkit` is the command `auditkit`."""

import os
import sys

if __name__ == "__main__":
    # The interpreter puts the working folder first, where modules and entry points of a stranger may lie.
    if sys.path and sys.path[0] in {"", os.getcwd()}:  # noqa: PTH109  pathlib would be the first of them
        del sys.path[0]
    from auditkit.cli.app import main

    main()
