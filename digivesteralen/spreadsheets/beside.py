"""One spreadsheet, read in a process of its own: the file comes in on standard input, the answer goes out."""

import pickle
import resource
import sys

from digivesteralen.spreadsheets import guard, reading

MEMORY = 1536 * guard.MIB
# Of the processor's own time: on a machine that does much else the clock on the wall says little.
SECONDS = 60


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    content, name = pickle.load(sys.stdin.buffer)
    pickle.dump(reading.answer(content, name), sys.stdout.buffer)


if __name__ == "__main__":
    main()
