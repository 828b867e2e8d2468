"""One spreadsheet, read in a process of its own: the file comes in on standard input, the answer goes out."""

import pickle
import resource
import sys

from digivesteralen.spreadsheets import guard, reading

MEMORY = 1536 * guard.MIB


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    content, name = pickle.load(sys.stdin.buffer)
    pickle.dump(reading.answer(content, name), sys.stdout.buffer)


if __name__ == "__main__":
    main()
