"""A merchant's own product export, in both header generations and every state of disrepair: `demo --products FILE`."""

import subprocess
from pathlib import Path

import pytest

from cli.guarded import python_command

OLD = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,"
    "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Status"
)
NEW = (
    "Title,URL handle,Description,Vendor,Type,Tags,Published on online store,Status,SKU,Option1 name,Option1 value,"
    "Price,Inventory tracker,Inventory quantity,Weight value (grams),Product image URL"
)
PICTURE = "https://cdn.example.com/a.png"


def demo(file: Path) -> tuple[int, str]:
    """Exit status and everything said, on one line."""
    done = subprocess.run(
        python_command("demo", "--exit", "--products", str(file)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    return done.returncode, " ".join(said.split())


def written(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    file = folder / "my products.csv"
    file.write_bytes("\n".join(rows).encode(encoding) + b"\n")
    return file


def test_an_old_export_with_broken_rows(tmp_path: Path) -> None:
    """Lines 4, 5 and 7 cannot be used; the sentence names line and column, and the good rows are listed."""
    file = written(
        tmp_path,
        OLD,
        f"mug,Coffee Mug,<p>Holds coffee.</p>,Halden,Mugs,,TRUE,Size,Small,MUG-S,300,shopify,5,9.50,{PICTURE},active",
        "mug,,,,,,,,Large,MUG-L,400,shopify,3,11.50,,",
        "mug,,,,,,,,Huge,MUG-H,400,shopify,3,eleven,,",
        "tee,Tee,<p>Soft.</p>,Halden,Tees,,TRUE,,,TEE,150,shopify,5,20,ftp://x/y.png,active",
        f"bowl,Soup Bowl,<p>Deep.</p>,Halden,Bowls,,TRUE,,,BOWL,500,shopify,2,14,{PICTURE},active",
        f"hat,Hat,<p>Warm.</p>,Halden,Hats,,TRUE,,,HAT,90,shopify,2,14,{PICTURE},sold",
    )
    status, said = demo(file)
    assert status == 0, said
    assert "Products imported │ 2 │" in said
    assert "Listings LIVE │ 2 │" in said
    for line, column in ((4, "Variant Price"), (5, "Image Src"), (7, "Status")):
        assert f"Line {line}, column {column}: " in said


def test_a_new_export(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        NEW,
        f"Coffee Mug,mug,<p>Holds coffee.</p>,Halden,Mugs,,TRUE,Active,MUG,,,9.50,shopify,5,300,{PICTURE}",
        f"Empty Mug,empty,,Halden,Mugs,,TRUE,Active,MUG-2,,,9.50,shopify,5,300,{PICTURE}",
        f"Old Mug,old,<p>Gone.</p>,Halden,Mugs,,TRUE,Archived,MUG-3,,,9.50,shopify,5,300,{PICTURE}",
    )
    status, said = demo(file)
    assert status == 0, said
    assert "Products imported │ 3 │" in said
    assert "Listings LIVE │ 1 │" in said
    assert "Listings SYNC_FAILED │ 1 │" in said
    assert "Left out (draft, archived, gift card) │ 1 │" in said
    assert "Empty Mug" in said


def test_a_file_with_a_header_only(tmp_path: Path) -> None:
    """Nothing to list is no failure of the listing, but the demonstration says that there was nothing."""
    status, said = demo(written(tmp_path, NEW))
    assert "Products imported │ 0 │" in said, said
    assert status == 1


UNREADABLE = {
    "empty": (b"", "is not a Shopify product CSV: its first line has no Title column."),
    "other columns": (b"a,b\n1,2\n", "is not a Shopify product CSV: its first line has no Title column."),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text (byte 0). Export it from Shopify again."),
    "zero bytes": (b"Title\0\n", "is not a CSV file: it holds zero bytes."),
    "another encoding": (b"Title\nM\xfcsli\n", "is not UTF-8 text (byte 7). Export it from Shopify again."),
    "UTF-16": ("Title\nMug\n".encode("utf-16"), "is not UTF-8 text (byte 0). Export it from Shopify again."),
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_a_file_that_is_no_export(tmp_path: Path, name: str) -> None:
    content, sentence = UNREADABLE[name]
    file = tmp_path / "products.csv"
    file.write_bytes(content)
    assert demo(file) == (2, f"leafmark: {file} {sentence}")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    none = tmp_path / "none.csv"
    assert demo(none) == (2, f"leafmark: Cannot open {none}: No such file or directory.")
