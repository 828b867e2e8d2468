import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digivesteralen.settings")
application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # else the first visitor of each process waits for all pages to be imported
