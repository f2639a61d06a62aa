"""What the built `healthvisit` starts with."""

import sys

from healthvisit.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
