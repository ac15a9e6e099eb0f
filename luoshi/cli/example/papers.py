"""Papers and pictures that the example's units put beside their reports: small, valid and drawn here."""

from __future__ import annotations

import struct
import zlib
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile


def letter(name: str, lines: list[str]) -> SimpleUploadedFile:
    """A PDF of one page with these lines, in a font that every PDF reader has for Chinese (STSong-Light, not embedded)."""
    drawn = [b"BT /F1 14 Tf 70 760 Td 22 TL"]
    drawn += [b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T*" for line in lines]
    stream = b"\n".join([*drawn, b"ET"])
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/FontDescriptor 7 0 R"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (n, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return SimpleUploadedFile(name, bytes(out), content_type="application/pdf")


def picture(name: str, seed: str) -> SimpleUploadedFile:
    """A drawing of a building site in flat colours, another one for each seed."""
    from PIL import Image, ImageDraw

    chance = Random(seed)  # noqa: S311 -- a drawing, no secret
    image = Image.new("RGB", (240, 180), (170 + chance.randrange(60), 200, 225))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 130 + chance.randrange(20), 240, 180), fill=(120, 105 + chance.randrange(50), 80))
    for _n in range(6):
        left, top, grey = chance.randrange(200), chance.randrange(20, 120), chance.randrange(60, 230)
        draw.rectangle((left, top, left + 15 + chance.randrange(40), 150), fill=(grey, grey, chance.randrange(60, 230)))
    rows = b"".join(b"\0" + image.tobytes()[at : at + 720] for at in range(0, 720 * 180, 720))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 240, 180, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + b"".join(chunks), content_type="image/png")
