"""What may be uploaded: known by its content, never by its name or by what the sender says.

Pictures are decoded and encoded anew, so that nothing remains of metadata (place, device, thumbnail) nor of
anything appended. Documents are kept as they are and only ever saved, never opened by us.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from PIL import Image, ImageOps

from civic.errors import N_, InvalidInput
from civic.rules.text import normalise

MOST_PIXELS = 40_000_000
LONGEST_SIDE = 4096
NAME = 120
# Content type: its one extension.
EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.presentation": "odp",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/markdown": "md",
}
_OFFICE = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "xlsx",
    "ppt/presentation.xml": "pptx",
}
_TYPES = {extension: kind for kind, extension in EXTENSIONS.items()}
_PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/png"}
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_SIGNS = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")  # how pictures begin
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that may be kept: what it is, a safe name, and the bytes to keep."""

    name: str
    media_type: str
    content: bytes


def examine(name: str, content: bytes, *, most: int) -> Checked:
    """What a file is, ready to be kept. ``most``: largest size in bytes.

    Raises InvalidInput (field ``file``) with reason file_empty, file_too_large, file_type or file_broken.
    """
    if not content:
        raise InvalidInput(N_("This file is empty."), field="file", reason="file_empty")
    if len(content) > most:
        raise InvalidInput(
            N_("This file is too large: at most %(limit)s MB."),
            field="file",
            reason="file_too_large",
            limit=most // (1024 * 1024),
        )
    picture = _picture(content)
    if picture is not None:
        kind, kept = picture
    else:
        kind, kept = _document(name, content), content
    return Checked(safe_name(name, EXTENSIONS[kind]), kind, kept)


def safe_name(name: str, extension: str) -> str:
    """A name without folders or odd characters, and with the extension of what the file really is."""
    base = PurePath(normalise(name).replace("\\", "/")).name
    stem = _UNSAFE.sub("", base.rsplit(".", 1)[0] if "." in base else base).strip(" .")
    return f"{stem[:NAME] or 'file'}.{extension}"


def _broken() -> InvalidInput:
    return InvalidInput(
        N_("This file is damaged and cannot be read. Save it anew, then try again."),
        field="file",
        reason="file_broken",
    )


def _refused() -> InvalidInput:
    return InvalidInput(
        N_("Files of this kind are not accepted. Pictures, PDF, office documents and plain text are."),
        field="file",
        reason="file_type",
    )


def _picture(content: bytes) -> tuple[str, bytes] | None:
    """A picture encoded anew, with its type; None when it is not one that we know."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=list(_PICTURES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except Exception:
        if content.startswith(_SIGNS) or content[8:12] == b"WEBP":
            raise _broken() from None
        return None
    kind = _PICTURES[str(image.format)]
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()
    try:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        clear = "A" in upright.getbands() or "transparency" in upright.info
        plain = upright.convert("RGBA" if clear and kind != "image/jpeg" else "RGB")
        fresh = Image.new(plain.mode, plain.size)
        fresh.paste(plain)  # pixels only: nothing else comes along
        out = BytesIO()
        fresh.save(out, _FORMATS[kind], **({} if kind == "image/png" else {"quality": 88}))
    except Exception:
        raise _broken() from None
    return kind, out.getvalue()


def _too_many_pixels() -> InvalidInput:
    return InvalidInput(
        N_("This picture has too many pixels: at most %(limit)s million."),
        field="file",
        reason="file_too_large",
        limit=MOST_PIXELS // 1_000_000,
    )


def _document(name: str, content: bytes) -> str:
    """The type of a document. Raises InvalidInput."""
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise _broken()
        return "application/pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    return _text(name, content)


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(n.lower().endswith("vbaproject.bin") for n in names):
                raise _refused()  # macros run
            if "mimetype" in names:
                if archive.getinfo("mimetype").file_size > 200:
                    raise _refused()
                kind = archive.read("mimetype").decode("ascii", "replace").strip()
                if kind in EXTENSIONS and "opendocument" in kind:
                    return kind
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _broken() from None
    for part, extension in _OFFICE.items():
        if part in names and "[Content_Types].xml" in names:
            return _TYPES[extension]
    raise _refused()


def _text(name: str, content: bytes) -> str:
    """Plain text in UTF-8 or GB 18030, by one of its names: what opens as something that runs is refused."""
    extension = PurePath(name).suffix.lower().lstrip(".")
    if extension not in ("txt", "csv", "md") or b"\0" in content:
        raise _refused()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(c < " " and c not in "\t\n\r\f" for c in text) == 0:
            return _TYPES[extension]
    raise _refused()
