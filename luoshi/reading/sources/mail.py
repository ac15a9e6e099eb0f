"""E-mails (.eml) with what is attached to them, and web pages saved as one file (.mht): MIME by the standard library."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage, Message, MIMEPart
from email.parser import BytesParser

from luoshi.reading.errors import CannotOpen, TooLarge
from luoshi.reading.sources.bundle import Member

LETTER = "邮件正文"
_BROKEN = "邮件已损坏或不完整，无法打开；请在邮箱中重新导出 .eml，或直接上传附件。"
_HEADERS = (("Subject", "主题"), ("From", "发件人"), ("To", "收件人"), ("Date", "日期"))
_MAX_PARTS = 500
_MAX_BOUNDARIES = 3_000  # lines that may part a mail, told before it is taken apart
_TOO_MANY = "邮件的附件过多，无法一次读完；请只上传通知和附件本身。"
_FAULTS = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)


def members_of(data: bytes) -> Iterator[Member]:
    """The text of an e-mail, then the files attached. Raises ``CannotOpen`` where it is none, ``TooLarge``."""
    if data.count(b"\n--") > _MAX_BOUNDARIES:
        raise TooLarge(_TOO_MANY)
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
        yield from _members(message)
    except _FAULTS as fault:  # damaged headers bring out all of these
        raise CannotOpen(_BROKEN) from fault


def _members(message: EmailMessage) -> Iterator[Member]:
    letter = _letter(message)
    said = tuple(f"{name}：{_header(message, key)}" for key, name in _HEADERS if _header(message, key)) or (LETTER,)
    if letter is not None and (body := _bytes(letter)).strip():
        ending = "html" if letter.get_content_subtype() == "html" else "txt"
        yield Member(f"{LETTER}.{ending}", body, letter=said)
    for count, part in enumerate(message.walk()):
        if count > _MAX_PARTS:
            return
        if part is letter or part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        name = part.get_filename()
        if part.get_content_type() == "message/rfc822":
            yield Member(name or "转发的邮件.eml", _forwarded(part))
        elif name and not (part.get("Content-ID") and part.get_content_maintype() == "image"):
            yield Member(name.replace("\\", "/").rpartition("/")[2] or "?", _bytes(part))


def _letter(message: EmailMessage) -> MIMEPart | None:
    """The part that is the e-mail's own text: as a web page where that has a table, else plain where there is one."""
    plain, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    if plain is not None and page is not None and b"<table" not in _bytes(page).lower():
        return plain
    return page or plain


def _bytes(part: Message) -> bytes:
    """The content of a part as a file; plain text in UTF-8, since only the e-mail says in which code it is."""
    raw = part.get_payload(decode=True)
    data = raw if isinstance(raw, bytes) else b""
    charset = part.get_content_charset()
    if charset and part.get_content_type() == "text/plain" and not part.get_filename():
        try:
            return data.decode("gb18030" if charset in ("gb2312", "gbk") else charset).encode()
        except (UnicodeDecodeError, LookupError):
            return data
    return data


def _header(message: EmailMessage, key: str) -> str:
    return " ".join(str(message.get(key, "")).split())[:300]


def _forwarded(part: Message) -> bytes:
    """An e-mail within an e-mail, as a file."""
    inner = part.get_payload(0)
    return inner.as_bytes() if isinstance(inner, Message) else b""
