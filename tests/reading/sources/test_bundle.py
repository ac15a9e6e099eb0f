"""Zips and e-mails: one document out of a notice and its annexes, each block knowing its file."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pytest

from luoshi.reading import blocks_of, read
from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.ledger import Ledger
from luoshi.reading.sources import bundle, open_source
from luoshi.reading.sources.bundle import packed

COVER = """澜湾县人民政府办公室文件
澜政办发〔2026〕9号
澜湾县人民政府办公室关于印发2026年重点工作责任分解的通知
各镇人民政府、街道办事处，县政府各部门：
现将《2026年重点工作责任分解》印发给你们，请认真贯彻落实。责任单位排在首位的为牵头单位。
澜湾县人民政府办公室
2026年2月6日
"""
WORK = """附件1
2026年政府工作报告重点工作责任分解
1.规上工业增加值增长7%，新增规上工业企业12家。
责任单位：县经信局、县发改局
2.一般公共预算收入增长5%。
责任单位：县财政局、县税务局
"""
LIVELIHOOD = """附件2
2026年民生实事项目责任分解
1.新建公办幼儿园2所。
责任单位：县教育局、县住建局
"""
TABLE = """序号,工作任务,牵头单位
1,改造农村公路15公里,县交通运输局
2,新建口袋公园3个,县住建局
"""


def tasks(ledger: Ledger) -> list[tuple[str, str]]:
    """The file and the beginning of every task."""
    return [(str(ledger.blocks[task.at.block].origin.file), task.text[:6]) for *_, task in ledger.tasks()]


def doubts(ledger: Ledger, code: str) -> list[str]:
    return [doubt.message for doubt in ledger.doubts if doubt.code == code]


def test_the_notice_comes_first_and_annexes_by_number_whatever_their_names() -> None:
    files = {
        "附件十：其他.txt": LIVELIHOOD.replace("附件2", "附件10").replace("幼儿园2所", "村卫生室8个").encode(),
        "b/附件2.txt": LIVELIHOOD.encode("gb18030"),
        "2.txt": COVER.encode(),
        "附件1 重点工作.txt": WORK.encode(),
    }
    ledger = read(packed(files), name="通知.zip")
    assert tasks(ledger) == [
        ("附件1 重点工作.txt", "规上工业增加"),
        ("附件1 重点工作.txt", "一般公共预算"),
        ("b/附件2.txt", "新建公办幼儿"),
        ("附件十：其他.txt", "新建公办村卫"),
    ]
    assert (ledger.document.number, ledger.document.signed_on) == ("澜政办发〔2026〕9号", "2026-02-06")
    assert ledger.source.media_type == "application/zip"
    # The notice's rule holds for its annexes.
    assert [(unit.name, unit.role) for unit in next(iter(ledger.tasks()))[3].units] == [
        ("县经信局", "lead"),
        ("县发改局", "support"),
    ]
    assert [plan.kind for plan in ledger.plans] == ["work_report", "livelihood", "livelihood"]
    files_in_order = list(dict.fromkeys(block.origin.file for block in ledger.blocks))
    assert files_in_order == ["2.txt", "附件1 重点工作.txt", "b/附件2.txt", "附件十：其他.txt"]


def test_tables_of_several_files_stay_apart() -> None:
    other = TABLE.replace("农村公路15公里", "危桥4座").replace("口袋公园3个", "公厕9座")
    blocks = blocks_of(packed({"附件1.csv": TABLE.encode(), "附件2.csv": other.encode()}), name="a.zip")
    assert [(b.origin.table, b.origin.file) for b in blocks if b.text == "序号"] == [(0, "附件1.csv"), (1, "附件2.csv")]
    ledger = read(packed({"附件1.csv": TABLE.encode(), "附件2.csv": other.encode()}), name="a.zip")
    assert len(tasks(ledger)) == 4


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("../../etc/附件乙.txt", "etc/附件乙.txt"),
        ("C:\\用户\\附件丙.txt", "用户/附件丙.txt"),
        ("/绝对/附件丁.txt", "绝对/附件丁.txt"),
        ("甲\r\n乙.txt", "甲乙.txt"),
        ("..", "?"),
    ],
)
def test_names_lead_nowhere(name: str, label: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename, info.flag_bits = name, 0x800
    assert bundle._label(info) == label


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_name_without_a_code_is_chinese(encoding: str) -> None:
    info = zipfile.ZipInfo("x")
    info.filename = "重点工作/附件1：澜湾县.docx".encode(encoding).decode("cp437")
    assert bundle._label(info) == "重点工作/附件1：澜湾县.docx"
    info.flag_bits = 0x800
    info.filename = "é.txt"
    assert bundle._label(info) == "é.txt"


def test_what_cannot_be_read_is_named_and_stops_nothing() -> None:
    files = {
        "通知.txt": COVER.encode(),
        "附件1.txt": WORK.encode(),
        "附件3.docx": b"PK\x03\x04 broken",
        "说明.mp3": b"ID3" + bytes(range(256)) * 40,
        "空.txt": b"",
        "__MACOSX/._附件1.txt": b"\x00\x05\x16\x07",
        ".DS_Store": b"\x00\x00",
        "~$附件1.docx": b"x",
        "Thumbs.db": b"x",
    }
    ledger = read(packed(files), name="a.zip")
    assert len(tasks(ledger)) == 2
    said = doubts(ledger, "file-unread")
    assert [message.split("”")[0][1:] for message in said] == ["附件3.docx", "说明.mp3", "空.txt"]
    assert all(message.endswith("。") and "没有读到" in message for message in said)


def test_the_same_text_in_two_formats_is_read_once() -> None:
    page = "".join(f"<p>{line}</p>" for line in WORK.splitlines())
    files = {
        "通知.txt": COVER.encode(),
        "附件1.html": f"<html><body>{page}</body></html>".encode(),
        "附件1.txt": WORK.encode(),
    }
    ledger = read(packed(files), name="a.zip")
    assert [file for file, _ in tasks(ledger)] == ["附件1.html"] * 2
    assert doubts(ledger, "file-repeated") == ["“附件1.txt”与“附件1.html”内容相同，只读了后者。"]


def test_annexes_alike_but_for_their_figures_are_both_read() -> None:
    files = {f"附件{n}.txt": WORK.replace("附件1", f"附件{n}").replace("7%", f"{n}%").encode() for n in (1, 2)}
    assert len(tasks(read(packed(files), name="a.zip"))) == 4


def test_a_zip_within_a_zip_is_opened_and_one_within_that_is_not() -> None:
    inner = packed({"附件1.txt": WORK.encode()})
    assert (
        tasks(read(packed({"通知.txt": COVER.encode(), "附件.zip": inner}), name="a.zip"))[0][0] == "附件.zip/附件1.txt"
    )
    deeper = packed({"通知.txt": COVER.encode(), "附件.zip": packed({"更深.zip": inner})})
    (said,) = doubts(read(deeper, name="a.zip"), "file-unread")
    assert said.startswith("“附件.zip/更深.zip”没有读到：层层套着")


def test_a_password_on_all_or_on_one_file() -> None:
    data = packed({"通知.txt": COVER.encode(), "附件1.txt": WORK.encode()})
    flags = [at + 8 for at in range(len(data)) if data.startswith(b"PK\x01\x02", at)]
    one, every = bytearray(data), bytearray(data)
    one[flags[1]] |= 1
    for at in flags:
        every[at] |= 1
    with pytest.raises(CannotOpen, match="设有密码"):
        open_source(bytes(every), "a.zip")
    assert doubts(read(bytes(one), name="a.zip"), "file-unread") == [
        "“附件1.txt”没有读到：设有密码；请取消密码后再上传。"
    ]


def test_bombs_and_crowds_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        for n in range(9):
            container.writestr(f"{n}.txt", b"0" * 30_000_000)
    with pytest.raises(TooLarge, match="解压后过大"):
        open_source(out.getvalue(), "a.zip")
    with pytest.raises(TooLarge, match="超过 200 份"):
        open_source(packed({f"{n}.txt": b"x" for n in range(300)}), "a.zip")
    with pytest.raises(CannotOpen, match="没有文件"):
        open_source(packed({"空/": b""}), "a.zip")
    with pytest.raises(CannotOpen, match=r"1 份文件都不能读，例如“a\.bin”没有读到"):
        open_source(packed({"a.bin": bytes(range(1, 9)) * 99}), "a.zip")


def test_the_same_files_give_the_same_bytes() -> None:
    files = {"通知.txt": COVER.encode(), "附件1.txt": WORK.encode()}
    assert packed(files) == packed(dict(files))


# --- e-mails ------------------------------------------------------------------------------------------------------


def mail(text: str, *files: tuple[str, bytes], page: str | None = None) -> bytes:
    message = EmailMessage()
    message["Subject"] = "报送2026年责任分解"
    message["From"] = "督查室 <office@example.org>"
    message["To"] = "b@example.org"
    message.set_content(text, charset="gb18030")
    if page:
        message.add_alternative(page, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_an_email_with_attachments_is_their_document() -> None:
    letter = mail("各位同事：\n附件请查收。\n", ("附件1.txt", WORK.encode()), ("通知.txt", COVER.encode()))
    ledger = read(letter, name="a.eml")
    assert ledger.source.media_type == "message/rfc822"
    assert ledger.document.number == "澜政办发〔2026〕9号"
    assert [file for file, _ in tasks(ledger)] == ["附件1.txt"] * 2
    assert [(b.kind, b.text) for b in ledger.blocks[:4]] == [
        ("chrome", "主题：报送2026年责任分解"),
        ("chrome", "发件人：督查室 <office@example.org>"),
        ("chrome", "收件人：b@example.org"),
        ("chrome", "各位同事："),
    ]


def test_an_email_that_is_itself_the_document() -> None:
    assert [file for file, _ in tasks(read(mail(COVER + WORK), name="a.eml"))] == ["邮件正文.txt"] * 2
    rows = "".join(f"<tr><td>{'</td><td>'.join(row.split(','))}</td></tr>" for row in TABLE.splitlines())
    table = mail("见表。", page=f"<html><body><table>{rows}</table></body></html>")
    assert [file for file, _ in tasks(read(table, name="a.eml"))] == ["邮件正文.html"] * 2


def test_a_zip_and_a_letter_forwarded_are_opened() -> None:
    inner = EmailMessage()
    inner["Subject"] = "转"
    inner["From"] = "a@example.org"
    inner.set_content("见附件")
    inner.add_attachment(LIVELIHOOD.encode(), maintype="text", subtype="plain", filename="附件2.txt")
    outer = EmailMessage()
    outer["Subject"] = "转发"
    outer["From"] = "a@example.org"
    outer.set_content("请阅")
    outer.add_attachment(inner)
    outer.add_attachment(
        packed({"附件1.txt": WORK.encode()}), maintype="application", subtype="zip", filename="全部.zip"
    )
    ledger = read(outer.as_bytes(), name="a.eml")
    assert {file for file, _ in tasks(ledger)} == {"转发的邮件.eml/附件2.txt", "全部.zip/附件1.txt"}


def test_a_page_saved_as_one_file() -> None:
    page = "".join(f"<p>{line}</p>" for line in (COVER + WORK).splitlines())
    made = EmailMessage()
    made["From"] = "<Saved by a browser>"
    made["Subject"] = "通知"
    made.set_content(f"<html><body>{page}</body></html>", subtype="html")
    made.add_related(b"\x89PNG\r\n\x1a\n" + bytes(40), maintype="image", subtype="png", cid="<1@x>", filename="a.png")
    ledger = read(made.as_bytes(), name="通知.mht")
    assert len(tasks(ledger)) == 2
    assert not doubts(ledger, "file-unread")


@pytest.mark.parametrize("cut", [60, 200, 400, 900])
def test_a_torn_email_is_read_or_refused_in_a_sentence(cut: int) -> None:
    data = mail(COVER, ("附件1.txt", WORK.encode()))[:cut]
    try:
        open_source(data, "a.eml")
    except CannotOpen as why:
        assert str(why).endswith("。")
