"""What a user gets from a package index: the wheel, installed into an empty environment, reads and serves by itself."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from luoshi import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
DOCUMENT = """关于印发2026年政府工作报告重点工作责任分解的通知
一、重点工作
1.新建改建学校2所，新增学位3000个以上。（责任单位：县教育局、县财政局）
2.完成河道整治15公里。（责任单位：县水利局）
首位单位为牵头单位。
"""


def quiet_run(command: list[str], **options) -> subprocess.CompletedProcess[str]:
    """Run without input, in an environment that knows nothing of the project; output as text."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_", "PYTHON"))}
    clean.pop("DATABASE_URL", None)
    clean["LANG"] = "C.UTF-8"
    return subprocess.run(
        command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, env=clean, **options
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from the source archive: so that archive is complete too."""
    out: Path = tmp_path_factory.mktemp("dist")
    built = quiet_run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), "."], cwd=ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("*.whl")
    assert list(out.glob("*.tar.gz"))
    return found


@pytest.fixture(scope="module")
def constraints(tmp_path_factory) -> Path:
    """The pinned versions without their digests: digests would be asked of the wheel itself too."""
    file: Path = tmp_path_factory.mktemp("pins") / "constraints.txt"
    pinned = re.findall(r"^[\w.-]+(?:\[[\w,-]+\])?==[^\\\n]+", (ROOT / "requirements/web.txt").read_text("utf-8"), re.M)
    file.write_text("\n".join(re.sub(r"\[[\w,-]+\]", "", line).strip() for line in pinned), "utf-8")
    return file


def installed(folder: Path, wheel: Path, constraints: Path, extra: str = "") -> Path:
    """The bin folder of a new environment that holds the wheel and what it asks for."""
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-qq", "--disable-pip-version-check"]
    done = quiet_run([*command, "--constraint", str(constraints), f"{wheel}{extra}"])
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "bin"


@pytest.fixture(scope="module")
def reader_only(tmp_path_factory, wheel, constraints) -> Path:
    """``pip install luoshi``"""
    return installed(tmp_path_factory.mktemp("reader") / "env", wheel, constraints)


@pytest.fixture(scope="module")
def with_site(tmp_path_factory, wheel, constraints) -> Path:
    """``pip install 'luoshi[web]'``"""
    return installed(tmp_path_factory.mktemp("site") / "env", wheel, constraints, "[web]")


def test_wheel_holds_what_it_needs_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for pattern in (
        r"^luoshi/ui/static/build/.+\.css$",
        r"^luoshi/ui/static/build/.+\.js$",
        r"^luoshi/desk/templates/desk/.+\.html$",
        r"^luoshi/people/migrations/0001.+\.py$",
        r"^luoshi/reading/words/.+\.(txt|toml|json)$",
        r"^luoshi/ui/locale/en/LC_MESSAGES/django\.mo$",
        r"^luoshi/py\.typed$",
        r"licenses/LICENSE$",
    ):
        assert [name for name in names if re.search(pattern, name)], f"nothing in the wheel matches {pattern}"
    strange = [name for name in names if not re.match(rf"luoshi/|luoshi-{re.escape(__version__)}\.dist-info/", name)]
    unwanted = re.compile(r"node_modules|__pycache__|\.pyc$|/tests?/|\.sqlite3|secret\.key|(^|/)\.[a-z]")
    assert not strange and not [name for name in names if unwanted.search(name)]


def test_reader_alone_reads_without_django(reader_only, tmp_path):
    assert quiet_run([str(reader_only / "python"), "-c", "import django"]).returncode != 0
    version = quiet_run([str(reader_only / "luoshi"), "--version"], cwd=tmp_path)
    assert version.stdout.strip().endswith(__version__), version.stderr

    (tmp_path / "a.txt").write_text(DOCUMENT, "utf-8")
    read = quiet_run([str(reader_only / "luoshi"), "read", "a.txt", "--format", "json"], cwd=tmp_path)
    assert read.returncode == 0, read.stderr
    sections = [section for plan in json.loads(read.stdout)["plans"] for section in plan["sections"]]
    units = [[unit["name"] for unit in task["units"]] for section in sections for task in section["tasks"]]
    assert units == [["县教育局", "县财政局"], ["县水利局"]]

    workbook = quiet_run([str(reader_only / "luoshi"), "read", "a.txt", "-o", "a.xlsx"], cwd=tmp_path)
    assert workbook.returncode == 0, workbook.stderr
    assert zipfile.is_zipfile(tmp_path / "a.xlsx")


def test_reader_alone_says_how_to_get_the_site(reader_only, tmp_path):
    for command in ("serve", "demo"):
        asked = quiet_run([str(reader_only / "luoshi"), command], cwd=tmp_path)
        assert asked.returncode != 0
        assert "luoshi[web]" in asked.stderr
        assert "Traceback" not in asked.stderr


@contextmanager
def serving(binaries: Path, folder: Path) -> Iterator[str]:
    """The site started in a folder of its own; yields its address once it answers, and ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)}
    log = (folder / "serve.log").open("w+")
    command = [str(binaries / "luoshi"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=folder, env=clean, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urlopen(f"{address}/login/", timeout=5).close()
                break
            except (URLError, ConnectionError):
                assert process.poll() is None, (folder / "serve.log").read_text()
                time.sleep(0.2)
        else:
            pytest.fail("no answer within a minute: " + (folder / "serve.log").read_text())
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def fetch(address: str, language: str = "zh-hans") -> tuple[str, str]:
    """Content type and text; anything but 200 raises."""
    with urlopen(Request(address, headers={"Cookie": f"django_language={language}"}), timeout=20) as answer:
        return answer.headers["Content-Type"], answer.read().decode("utf-8", "replace")


def test_site_from_the_wheel_has_its_styles_scripts_and_languages(with_site, tmp_path):
    demo = quiet_run([str(with_site / "luoshi"), "demo"], cwd=tmp_path)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    with serving(with_site, tmp_path) as address:
        _, page = fetch(f"{address}/login/")
        styles = re.findall(r"<link[^>]+href=\"([^\"]+\.css[^\"]*)\"", page)
        scripts = re.findall(r"<script[^>]+src=\"([^\"]+\.js[^\"]*)\"", page)
        assert styles and scripts
        for parts, kind in ((styles, "text/css"), (scripts, "text/javascript")):
            for part in parts:
                assert part.startswith("/"), f"{part} is fetched from elsewhere"
                content_type, text = fetch(address + part)
                assert content_type.startswith(kind) and len(text) > 500
        assert 'lang="zh-CN"' in page and "登录" in page
        _, english = fetch(f"{address}/login/", "en")
        assert 'lang="en"' in english and "Log in" in english
