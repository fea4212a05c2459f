"""What settings refuse, seen by starting a process with them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "PORTAL_MODE": "production",
    "SECRET_KEY": "k" * 64,
    "FIELD_KEYS": "F0Yl3dpNRyqvCLTPNCBNCqMVpz0mKzF8Jdl3Ey3Z1pI=",
    "ALLOWED_HOSTS": "portal.example.test",
    "PORTAL_URL": "https://portal.example.test",
    "EMAIL_URL": "smtp://user:secret@127.0.0.1:25",
    "DATABASE_URL": "postgres://portal_app@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def start(code: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """A process that reads the settings as a real installation gives them."""
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "portal.settings"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment | PRODUCTION | changes,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_what_it_needs():
    started = start("import django; django.setup(); print('started')")
    assert (started.returncode, started.stdout) == (0, "started\n"), started.stderr


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"PORTAL_DEMO_NOW": "2024-11-20T08:00+08:00"}, "PORTAL_DEMO_NOW is refused in production"),
        ({"EMAIL_URL": ""}, "Set EMAIL_URL"),
        ({"PORTAL_URL": ""}, "Set PORTAL_URL"),
    ],
)
def test_production_refuses_and_says_how_to_mend_it(changes, sentence):
    refused = start("import django; django.setup()", **changes)
    assert refused.returncode == 1
    assert sentence in refused.stderr.splitlines()[-1]


def test_load_demo_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refuses a production installation"):
        call_command("load_demo")


def test_portal_starts_where_gdal_is_absent():
    """No module of ours, nor of django-leaflet as used here, looks for the library."""
    hide = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.startswith('django.contrib.gis'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "import django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "from django.template.loader import get_template\n"
        "get_template('deployments/map.html'); print('started')\n"
    )
    started = start(hide)
    assert (started.returncode, started.stdout) == (0, "started\n"), started.stderr
