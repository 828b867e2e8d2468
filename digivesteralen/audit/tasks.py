"""What the history does by itself at night."""

from digivesteralen.audit.chain.sealing import seal
from digivesteralen.celery import app


@app.task(name="audit.seal")
def seal_the_day() -> None:
    """The day's history becomes a link of the chain (T43)."""
    seal()
