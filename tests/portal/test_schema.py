"""The description of the API says everything without a doubt."""

from django.core.management import call_command
from drf_spectacular.drainage import GENERATOR_STATS


def test_the_schema_is_whole_and_without_warnings(tmp_path):
    GENERATOR_STATS.reset()
    target = tmp_path / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(target))
    assert "/api/v1/meetings/{id}/open/" in target.read_text()
