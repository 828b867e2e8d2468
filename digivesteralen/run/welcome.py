"""What `make run` prints when the page is there: the address and, in a demo, who may sign in."""

import importlib
import importlib.util

from digivesteralen.servers.addresses import var_dir


def welcome(port: str, seconds: float) -> str:
    lines = ["", f"The portal is ready after {seconds:.0f} s:  http://localhost:{port}/", ""]
    rows = _sign_ins()
    if rows:
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        lines.append("Sign in as one of these made-up people:")
        lines += ["  " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
        lines.append("")
    lines += [f"Logs: {var_dir() / 'log'}    Ctrl-C stops everything.", ""]
    return "\n".join(lines)


def _sign_ins() -> list[tuple[str, ...]]:
    if importlib.util.find_spec("digivesteralen.demo.signins") is None:
        return []
    signins = importlib.import_module("digivesteralen.demo.signins")
    return [tuple(map(str, row)) for row in signins.SIGN_INS]
