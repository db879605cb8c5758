"""The WSGI entry point that the server loads, in each of its processes."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery_otp.settings")
_django = get_wsgi_application()

from delivery_otp.doorstep import Doorstep  # noqa: E402 - once the apps are loaded
from handoffs.confirm import gather  # noqa: E402

gather()
application = Doorstep(_django)
