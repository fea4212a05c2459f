"""docker-compose.yml, .env.example and settings.py speak of the same settings."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ["web", "worker", "beat", "migrate"]
# What Django's own commands and the images read, not our settings.
OF_THE_IMAGES = re.compile(r"^(POSTGRES_|PGDATA)")


def settings_read() -> set[str]:
    """The names that settings.py looks up in the environment."""
    text = (ROOT / "portal" / "settings.py").read_text()
    looked_up = re.findall(r'(?:env(?:\.\w+)?|required)\(\s*"([A-Z_]+)"', text)
    roles = re.findall(r'"(DATABASE_(?:OWNER_)?URL)"', text)
    return {*looked_up, *roles}


def settings_explained() -> set[str]:
    """The names that .env.example gives, commented out or not."""
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", text, re.MULTILINE))


def settings_passed(service: str) -> set[str]:
    names = SERVICES[service].get("environment", {})
    return {re.sub("_FILE$", "", name) for name in names if not OF_THE_IMAGES.match(name)}


def test_every_setting_is_explained_and_every_explanation_is_of_a_setting():
    assert settings_read() == settings_explained()


@pytest.mark.parametrize("service", OURS)
def test_settings_passed_exist_in_settings_and_example(service):
    assert settings_passed(service) - settings_read() == set()
    assert settings_passed(service) - settings_explained() == set()


@pytest.mark.parametrize("service", OURS)
def test_production_can_start_on_what_is_passed(service):
    required = {
        *("SECRET_KEY", "FIELD_KEYS", "ALLOWED_HOSTS", "PORTAL_URL", "EMAIL_URL"),
        *("DATABASE_URL", "REDIS_URL"),
    }
    assert required <= settings_passed(service)
    assert SERVICES[service]["environment"]["PORTAL_MODE"] == "production"


def test_services_of_a_real_installation():
    assert set(SERVICES) == {
        *("proxy", "web", "worker", "beat", "migrate", "postgres", "redis"),
    }
    published = {name for name, service in SERVICES.items() if "ports" in service}
    assert published == {"proxy"}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_runs_confined(name):
    service = SERVICES[name]
    assert service["user"].split(":")[0] not in {"0", "root"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_service_has_a_health_check_and_restarts(name):
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_secrets_come_from_files(name):
    service = SERVICES[name]
    given = {
        value.removeprefix("/run/secrets/")
        for key, value in service.get("environment", {}).items()
        if key.endswith("_FILE")
    }
    assert given <= set(service.get("secrets", []))
    assert set(service.get("secrets", [])) <= set(COMPOSE["secrets"])
    in_the_open = {"SECRET_KEY", "FIELD_KEYS", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"}
    in_the_open |= {"EMAIL_URL", "POSTGRES_PASSWORD"}
    assert in_the_open & set(service.get("environment", {})) == set()
    assert all(secret["file"].startswith("./secrets/") for secret in COMPOSE["secrets"].values())


def test_only_migrations_know_the_owner_of_the_database():
    knowing = {name for name in OURS if "database_owner_url" in SERVICES[name]["secrets"]}
    assert knowing == {"migrate"}


def test_installation_loads_all_that_the_demo_stands_on():
    demo = (ROOT / "portal" / "home" / "management" / "commands" / "load_demo.py").read_text()
    loaded = re.findall(r'call_command\("(load_\w+)"', demo)
    assert loaded
    assert set(re.findall(r"load_\w+", SERVICES["migrate"]["command"][-1])) == set(loaded)


def test_data_lies_in_named_volumes():
    named = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if not volume.startswith("./")
    }
    assert named == set(COMPOSE["volumes"]) == {"state", "database", "broker"}


def test_worker_is_given_longer_than_its_longest_task():
    text = (ROOT / "portal" / "background" / "configuration.py").read_text()
    limit = int(re.search(r"task_time_limit = (\d+)", text).group(1))
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) > limit


def test_files_that_are_mounted_exist():
    mounted = [
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    assert [path for path in mounted if not (ROOT / path).exists()] == []


TILES = "https://peta.example.go.id/{z}/{x}/{y}.png"
STREETS = "https://berkas.example.go.id/kalsel.pmtiles"


@pytest.mark.parametrize(
    ("given", "images", "fetches"),
    [
        ({}, [], []),
        ({"MAP_TILES_URL": TILES}, ["https://peta.example.go.id"], []),
        ({"MAP_PMTILES": STREETS}, [], ["https://berkas.example.go.id"]),
        ({"MAP_PMTILES": "/static/kalsel.pmtiles"}, [], []),
    ],
)
def test_the_policy_opens_for_the_map_s_origin_and_no_other(given, images, fetches):
    program = (
        "import json; from portal import settings;"
        "print(json.dumps(settings.CONTENT_SECURITY_POLICY['DIRECTIVES'], default=str))"
    )
    environment = {**os.environ, "PORTAL_MODE": "test", **given}
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    policy = json.loads(shown.stdout)
    assert policy["img-src"] == ["'self'", "data:", *images]
    assert policy["connect-src"] == ["'self'", *fetches]
