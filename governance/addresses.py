"""Words of our addresses: a–z, 0–9 and hyphen (å→a, ø→o, æ→ae)."""

import re
import unicodedata

# What the addresses of one meeting begin with.
MEETING = "<slug:samarbeid>/moter/<slug:organ>/<int:nummer>-<int:aar>/"

LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss"})


def plain(text: str, *, limit: int = 40) -> str:
    """«Avtale for Bø og Øksnes» → «avtale-for-bo-og-oksnes»."""
    text = unicodedata.normalize("NFC", text).lower().translate(LETTERS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:limit].strip("-")
