"""What the portal does by itself each day for the portfolio."""

from digivesteralen.audit.log import acting
from digivesteralen.celery import app
from governance.models import Collaboration
from portfolio.actions import benefit_reminders
from portfolio.actions.shares import up_to_date
from portfolio.actions.status_reminders import remind_when_due
from portfolio.models import Project


@app.task
def remind_of_status() -> None:
    """In the morning: those who lead projects whose status is wanted soon, by the day in Norway (D15)."""
    with acting():
        for collaboration in Collaboration.objects.filter(projects__in=Project.objects.under_way()).distinct():
            remind_when_due(collaboration=collaboration)


@app.task
def remind_of_benefits() -> None:
    """In the morning: those who own a benefit whose measurement is due (R12)."""
    with acting():
        for collaboration in Collaboration.objects.filter(projects__benefits__lines__isnull=False).distinct():
            benefit_reminders.remind_when_due(collaboration=collaboration)


@app.task
def shares_of_the_day() -> None:
    """In the night: those who joined or left have done so. Whoever looks first sees to it too (rule 6)."""
    with acting():
        for collaboration in Collaboration.objects.filter(projects__isnull=False).distinct():
            up_to_date(collaboration)
