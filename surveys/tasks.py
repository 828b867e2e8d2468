"""What the portal does by itself for imports and for the municipalities' contracts."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from governance.models import Organisation
from surveys.actions import covering
from surveys.actions.alerts import raise_alerts, tell_it_leaders
from surveys.actions.import_writing import give_back_all


@app.task
def imports_left_behind() -> None:
    """An import whose worker died for good stands as it was looked over, and says so."""
    with acting():
        give_back_all()


@app.task
def contract_alerts() -> None:
    """In the morning: days in contracts that have come near, and one e-mail to each IT leader about the new ones."""
    with acting():
        raise_alerts()
        tell_it_leaders()


@app.task
def coverage_of_the_day() -> None:
    """In the night: what an IT collaboration has comes to those it covers from today, and leaves the others (A18)."""
    with acting():
        covering.bring_up_to_date(Organisation.objects.municipalities())
