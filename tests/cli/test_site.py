"""The commands of the site: the example through the rooms' own actions, the first administrator, and without Django."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from luoshi.cli.example.people import MEMBERS, PASSWORD
from luoshi.cli.main import commands

WITHOUT_DJANGO = """
import importlib.util, sys
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split(".")[0] in ("django", "gunicorn") else real(name, *rest)
sys.argv = ["luoshi", sys.argv[1]]
from luoshi.cli.main import main
main()
"""


@pytest.mark.parametrize("command", ["serve", "demo", "migrate"])
def test_without_the_site_one_sentence_says_how_to_get_it(command):
    done = subprocess.run([sys.executable, "-c", WITHOUT_DJANGO, command], capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    said = done.stderr.decode().strip()
    assert said.endswith('pip install "luoshi[web]"')
    assert "\n" not in said


@pytest.mark.parametrize("command", ["verify", "tick", "lights"])
def test_without_a_database_one_sentence_says_how_to_make_it(command, tmp_path):
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"LUOSHI_DATA": str(tmp_path)}
    call = [sys.executable, "-c", "from luoshi.cli.main import main; main()", command]
    done = subprocess.run(call, capture_output=True, check=False, timeout=60, env=environment)
    assert done.returncode == 2  # 1 is what a changed record gives
    said = done.stderr.decode().strip()
    assert said.endswith("luoshi migrate") and "\n" not in said


@pytest.fixture
def demo(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def run(*arguments):  # the whole year has a test of its own
        return CliRunner().invoke(commands, ["demo", "--until", "2026-02", *arguments])

    return run


def test_the_example_is_a_county_with_its_plans_adopted(demo, client):
    from luoshi.people.models import Government, User
    from luoshi.plans.models import Plan, Task

    result = demo("--port", "8123")
    assert result.exit_code == 0, result.output
    assert "http://127.0.0.1:8123/" in result.output and PASSWORD in result.output
    government = Government.objects.get()
    assert government.name == "澜湾县"
    assert government.units.count() >= 30
    assert {m.role for m in government.members.all()} >= {"office", "liaison", "unit_head", "leader", "auditor"}
    assert sorted(Plan.objects.values_list("kind", "tasks__plan__year").distinct()) == [
        ("livelihood", 2026),
        ("work_report", 2026),
    ]
    assert Task.objects.filter(plan__kind="work_report").count() == 64
    assert government.units.filter(short_name="县城投集团").exists()
    for username, name, *_ in MEMBERS:
        assert User.objects.get(username=username).check_password(PASSWORD)
        assert name in result.output


def test_loading_again_changes_nothing(demo):
    from luoshi.people.models import Entry

    demo()
    entries = Entry.objects.count()
    result = demo()
    assert "没有改动" in result.output
    assert Entry.objects.count() == entries


def test_public_passwords_stay_out_of_real_data(demo):
    from luoshi.people.actions import create_government
    from luoshi.people.models import User

    create_government("真实县")
    result = demo()
    assert result.exit_code != 0
    assert "LUOSHI_DATA" in str(result.exception) + result.output
    assert not User.objects.exists()


def test_the_first_administrator_needs_a_decent_password_and_is_the_only_first(db):
    from luoshi.people.models import User

    def admin(password):
        return CliRunner().invoke(
            commands, ["admin", "guanli", "--name", "管理员"], env={"LUOSHI_ADMIN_PASSWORD": password}
        )

    assert admin("123").exit_code != 0
    assert not User.objects.exists()
    assert admin("shan-hai-lan-wan-26").exit_code == 0
    assert User.objects.get().is_superuser
    assert admin("shan-hai-lan-wan-26").exit_code != 0


def make_admin(*arguments, **options):
    environment = {"LUOSHI_ADMIN_PASSWORD": "shan-hai-lan-wan-26"}
    return CliRunner().invoke(commands, ["admin", "guanli", *arguments], env=environment, **options)


def test_an_empty_installation_is_usable_after_one_command(db, client, settings, tmp_path):
    """The administrator logs in, and uploads a document of the government made with the account."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from luoshi.cli import example
    from luoshi.people.history import verify_history
    from luoshi.people.models import Government

    settings.MEDIA_ROOT = tmp_path
    assert make_admin("--government", "澜湾县").exit_code == 0
    government = Government.objects.get()
    assert (government.name, sorted(m.role for m in government.members.all())) == (
        "澜湾县",
        ["account_admin", "office"],
    )
    assert verify_history(government) == []
    client.post("/login/", {"username": "guanli", "password": "shan-hai-lan-wan-26"})
    file = SimpleUploadedFile("分解.txt", example.document())
    assert "条任务" in client.post("/documents/upload/", {"files": file}).content.decode()


def test_an_administrator_made_before_is_given_the_first_government_and_only_that(db):
    from luoshi.people.models import Government

    first = make_admin()
    assert first.exit_code == 0 and "--government" in first.output
    assert make_admin("--government", "澜湾县").exit_code == 0
    again = make_admin("--government", "云溪县")
    assert again.exit_code != 0 and "已经有政府了" in again.output
    assert Government.objects.get().members.count() == 2


def test_a_government_that_cannot_be_made_leaves_no_administrator(db):
    from luoshi.people.models import User

    assert make_admin("--government", "长" * 61).exit_code != 0
    assert not User.objects.exists()


def test_on_a_terminal_password_and_government_are_asked_for(db, monkeypatch):
    from luoshi.cli import site
    from luoshi.people.models import Government, User

    answers = iter(["shan-hai-lan-wan-26", "vertippt", "shan-hai-lan-wan-26", "shan-hai-lan-wan-26", "澜湾县"])
    monkeypatch.setattr(site.click, "prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr(site, "sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    result = CliRunner().invoke(commands, ["admin", "guanli"])
    assert result.exit_code == 0 and "两次输入的不一样" in result.output
    assert User.objects.get().check_password("shan-hai-lan-wan-26")
    assert Government.objects.get().name == "澜湾县"


def test_a_forgotten_administrator_gets_a_new_link_from_the_server(db, client):
    assert make_admin("--government", "澜湾县").exit_code == 0
    result = CliRunner().invoke(commands, ["link", "guanli"])
    assert result.exit_code == 0 and "您的账号是 guanli" in client.get(result.output.splitlines()[0]).content.decode()
    assert CliRunner().invoke(commands, ["link", "nobody"]).exit_code == 1
