"""A PDF writer just large enough for tests: lines of any characters at places on pages, with a text layer."""

from __future__ import annotations

from collections.abc import Sequence

_FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /Identity-H"
    " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
)
_DESCENDANT = (
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 6 0 R"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
)
_DESCRIPTOR = (
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
    " /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
)
_TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Same def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
1 beginbfrange <0000> <FFFF> <0000> endbfrange
endcmap end end"""


def write_pdf(pages: Sequence[Sequence[str]], *, size: int = 12, left: int = 72, top: int = 770) -> bytes:
    """Return a PDF with these lines on its pages; a page without lines gets an image instead."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", _FONT, _DESCENDANT, _stream(_TO_UNICODE), _DESCRIPTOR]
    objects.append("<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray"
                   " /BitsPerComponent 8 /Length 1 >>\nstream\n0\nendstream")  # fmt: skip
    kids = []
    for lines in pages:
        resources = "/Font << /F 3 0 R >>" if lines else "/XObject << /I 7 0 R >>"
        objects.append(_stream(_shown(lines, size, left, top) if lines else "/I Do"))
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << {resources} >>"
                       f" /Contents {len(objects)} 0 R >>")  # fmt: skip
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _file(objects)


def _shown(lines: Sequence[str], size: int, left: int, top: int) -> str:
    shown = (
        f"BT /F {size} Tf 1 0 0 1 {left} {top - number * size * 2} Tm <{line.encode('utf-16-be').hex()}> Tj ET"
        for number, line in enumerate(lines)
    )
    return "\n".join(shown)


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _file(objects: Sequence[str]) -> bytes:
    data = b"%PDF-1.7\n"
    offsets = []
    for number, written in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{written}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = (
        f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
    )
    return data + f"{end}startxref\n{len(data)}\n%%EOF\n".encode()
