"""Files are known by their content; pictures lose what is not picture."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from civic.errors import InvalidInput
from civic.rules import files
from civic.rules.files import examine, safe_name

MOST = 10 * 1024 * 1024


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def archive(**parts: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def refused(name: str, content: bytes, most: int = MOST) -> str:
    with pytest.raises(InvalidInput) as caught:
        examine(name, content, most=most)
    assert caught.value.field == "file"
    return caught.value.reason


def test_no_metadata_stays_in_a_picture() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif[0x0112] = 6  # lying on its side
    exif.get_ifd(0x8825)[1] = "N"
    dirty = picture(exif=exif, comment=b"SecretComment") + b"<script>trailing</script>"
    clean = examine("我的 照片.HTML", dirty, most=MOST)
    assert (clean.name, clean.media_type) == ("我的 照片.jpg", "image/jpeg")
    assert b"Secret" in dirty and b"Secret" not in clean.content and b"script" not in clean.content
    read = Image.open(BytesIO(clean.content))
    assert read.size == (20, 40) and not dict(read.getexif()) and "comment" not in read.info


@pytest.mark.parametrize(
    ("kind", "media"), [("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/png")]
)
def test_pictures_of_each_kind(kind: str, media: str) -> None:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "SecretAuthor")
    content = picture(kind, **({"pnginfo": text} if kind == "PNG" else {}))
    clean = examine("a", content, most=MOST)
    assert clean.media_type == media and b"Secret" not in clean.content
    assert Image.open(BytesIO(clean.content)).convert("RGB").getpixel((5, 5)) == pytest.approx(
        (255, 0, 0), abs=6
    )


def test_a_large_picture_is_made_smaller_and_a_huge_one_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = examine("a.png", picture("PNG", (5000, 50)), most=MOST)
    assert Image.open(BytesIO(clean.content)).width == files.LONGEST_SIDE
    monkeypatch.setattr(files, "MOST_PIXELS", 1000)
    assert refused("a.png", picture("PNG", (40, 40))) == "file_too_large"
    monkeypatch.setattr(files.Image, "MAX_IMAGE_PIXELS", 100)
    assert refused("a.png", picture("PNG", (40, 40))) == "file_too_large"


def test_documents() -> None:
    assert examine("a.exe", b"%PDF-1.7 ... %%EOF\n", most=MOST).name == "a.pdf"
    word = archive(word__document="")
    assert refused("a.docx", word) == "file_type"
    parts = {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"}
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name, text)
    assert examine("方案.zip", out.getvalue(), most=MOST).name == "方案.docx"
    with zipfile.ZipFile(out, "a") as made:
        made.writestr("word/vbaProject.bin", "macro")
    assert refused("方案.docx", out.getvalue()) == "file_type"
    odt = archive(mimetype="application/vnd.oasis.opendocument.text")
    assert examine("b", odt, most=MOST).name == "b.odt"
    assert examine("表.csv", "名称,数\n甲,1\n".encode("gb18030"), most=MOST).media_type == "text/csv"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "file_empty"),
        ("a.txt", b"x" * 101, "file_too_large"),
        ("a.pdf", b"%PDF-1.7 cut", "file_broken"),
        ("a.jpg", picture()[:60], "file_broken"),
        ("a.zip", b"PK\x03\x04 nonsense", "file_broken"),
        ("a.zip", archive(a="b"), "file_type"),
        ("a.odt", archive(mimetype="x" * 300), "file_type"),
        ("a.svg", b"<svg onload='alert(1)'/>", "file_type"),
        ("a.html", b"<script>alert(1)</script>", "file_type"),
        ("a.txt", b"MZ\x00\x00", "file_type"),
        ("a.txt", b"\x1b[31m", "file_type"),
        ("a.txt", b"\xff\xff\xff", "file_type"),
        ("noname", b"text", "file_type"),
    ],
)
def test_what_is_refused(name: str, content: bytes, reason: str) -> None:
    assert refused(name, content, 100 if reason == "file_too_large" else MOST) == reason


def test_names_are_made_safe() -> None:
    assert safe_name("../../etc/passwd", "txt") == "passwd.txt"
    assert safe_name("C:\\Users\\x\\计划.tar.gz", "pdf") == "计划.tar.pdf"
    assert safe_name('a"b<c>\r\n\u202ex.png', "png") == "abcx.png"
    assert safe_name("", "png") == "file.png" and safe_name("...", "txt") == "file.txt"
    assert len(safe_name("长" * 300, "png")) == 124
