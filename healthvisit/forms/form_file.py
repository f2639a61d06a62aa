"""The XForm in a form file, whatever kind of file it is."""

from pathlib import Path

from healthvisit.forms.errors import FormError


def form_text(path: Path) -> str:
    """The XForm of a form file: XML as it is, a workbook (.xlsx, .xls) or Markdown compiled.

    Raises:
        FormError: As the compiler, `form.not_xml`.
        OSError: When it cannot be read.
    """
    from healthvisit.forms.xlsform import compile_file

    data = path.read_bytes()
    if path.suffix.lower() in {".xlsx", ".xls"} or not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return compile_file(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise FormError("form.not_xml") from exc
