"""Writes, or checks, every vector file and the worked example: see vectors/README.md."""
import sys

sys.dont_write_bytecode = True

from command import main  # noqa: E402

sys.exit(main(sys.argv[1:]))
