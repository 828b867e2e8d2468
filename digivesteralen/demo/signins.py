"""Who one can sign in as in a demo; everybody is made up, and production settings refuse all of it."""

from digivesteralen.demo import facts

# Known to everybody, therefore only where settings.DEMO is on.
PASSWORD = "digivesteralen-demo"  # noqa: S105

TOURS = [
    ("Sekretariat", "DigiVesterålen", "ragnhild-fjelltunet"),
    ("Kommunedirektør (leder)", "Sortland", "kari-blafjellmo"),
    ("Kommunedirektør", "Andøy", "solveig-tindeskar"),
    ("Kommunedirektør", "Bø", "harald-vagestrand"),
    ("Kommunedirektør", "Hadsel", "ingunn-skjargren"),
    ("Kommunedirektør", "Lødingen", "torbjorn-nordlyso"),
    ("Kommunedirektør", "Øksnes", "magnhild-havdonning"),
    ("Saksbehandler", "Bø", "petter-lauvrabb"),
    ("IT-leder", "Andøy", "even-myrskogen"),
    ("Administrator for undersøkelser", "DigiVesterålen", "linn-dalseteren"),
    ("Prosjektleder", "DigiVesterålen", "eskil-brattvaring"),
    ("Observatør (KS)", "DigiVesterålen", "vilde-kystgarden"),
    ("Revisor", "DigiVesterålen", "gunnhild-revasen"),
    ("Kommunedirektør", "Holtålen", "signe-gaulamoen"),
    ("Sekretariat", "DiguT Trøndelag", "jorund-leksmyren"),
    ("Systemadministrator", "hele portalen", "oddvar-tarnasen"),
]


def _emails() -> dict[str, str]:
    return {person["slug"]: person["email"] for person in facts.example()["people"]}


SIGN_INS = [(role, place, _emails()[slug], PASSWORD) for role, place, slug in TOURS]
