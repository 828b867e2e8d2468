import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from digivesteralen.ui.bodies import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "digivesteralen.settings")
application = WholeBodies(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # else the first visitor of each process waits for all pages to be imported
