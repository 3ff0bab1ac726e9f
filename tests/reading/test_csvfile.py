from pathlib import Path

import pytest

from xlclv.errors import InputError
from xlclv.reading.csvfile import line_of, read_csv

ASCII = "Customer id,Order date,Amount\nC1,2026-01-31,12.50\n"
JAPANESE = "顧客ID,注文日,金額\nC1,2026-01-31,1200\nC2,2026-02-01,800\n"
JAPANESE_NAMES = "名前,金額\n山田太郎,1200\n佐藤花子,900\n"
KATAKANA = "Customer,Amount,Name\n1,5,トヨタ\n2,5,スズキ\n"
TRADITIONAL = "客戶編號,訂單日期,金額\nC1,2026-01-31,1200\n"
SIMPLIFIED = "客户编号,订单日期,金额\nC1,2026-01-31,1200\n"
SIMPLIFIED_NAMES = "姓名,金额\n王小明,1200\n陈大文,900\n"
KOREAN = "고객번호,주문일,금액\nC1,2026-01-31,1200\n"
KOREAN_NAMES = "이름,금액\n김철수,1200\n이영희,900\n"
GERMAN = "Kunde;Datum;Betrag\nMüller;31.01.2026;12,50\n"
GERMAN_HEADER = "Straße;Größe\nKöln;1\nMünchen;2\n"
FRENCH = "Client;Montant\nHélène;12,50 €\nFrançois;3\n"
SPANISH = "id,name\n1,José\n"
CZECH = "Zákazník;Částka\nDvořák;12,50\nNovák;5\n"
POLISH = "Klient;Kwota\nŁukasz Wiśniewski;12,50 zł\nGrażyna;5\n"
HUNGARIAN = "Ügyfél;Összeg\nKőszegi;12,50\nFűrész;5\n"


def written(tmp_path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path = tmp_path / "orders.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows(text: str, separator: str) -> list[list[str]]:
    return [line.split(separator) for line in text.splitlines()]


def refused(tmp_path: Path, content: bytes, encoding: str | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read_csv(written(tmp_path, content), encoding)
    return caught.value


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ASCII, "ascii"),
        *((JAPANESE, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-32")),
        *((text, "cp932") for text in (JAPANESE, JAPANESE_NAMES, KATAKANA, "ﾔﾏﾀﾞ,ﾀﾛｳ\na,b\n")),
        *((text, "euc_jp") for text in (JAPANESE, JAPANESE_NAMES, KATAKANA)),
        *((text, "gb18030") for text in (SIMPLIFIED, SIMPLIFIED_NAMES)),
        *((text, "cp949") for text in (KOREAN, KOREAN_NAMES)),
        (TRADITIONAL, "big5"),
        *((text, "utf-16-le") for text in (ASCII, JAPANESE, KOREAN)),
        *((text, "utf-16-be") for text in (ASCII, JAPANESE, KOREAN)),
    ],
)
def test_letters_of_short_files_are_told(tmp_path: Path, text: str, encoding: str) -> None:
    sheet, notes = read_csv(written(tmp_path, text, encoding))
    assert list(sheet.cells) == rows(text, ",")
    assert "commas" in notes[0]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((text, "cp1252") for text in (GERMAN, GERMAN_HEADER, FRENCH, SPANISH)),
        *((text, "cp1250") for text in (CZECH, POLISH, HUNGARIAN)),
    ],
)
def test_european_letters_are_told(tmp_path: Path, text: str, encoding: str) -> None:
    sheet, notes = read_csv(written(tmp_path, text, encoding))
    assert list(sheet.cells) == rows(text, "," if "," in text.splitlines()[0] else ";")
    assert f"look like {encoding}" in notes[0]
    assert "--encoding" in notes[0]


def test_a_foreign_letter_late_in_a_long_file_counts(tmp_path: Path) -> None:
    text = "Customer,Amount\n" + "C1,12.50\n" * 20_000 + "Müller,5\n"
    sheet, notes = read_csv(written(tmp_path, text, "cp1252"))
    assert sheet.cells[-1] == ["Müller", "5"]
    assert "cp1252" in notes[0]


def test_the_user_may_say_the_encoding(tmp_path: Path) -> None:
    sheet, notes = read_csv(written(tmp_path, "Имя,Сумма\nИван,5\n", "cp1251"), "cp1251")
    assert sheet.cells[1] == ["Иван", "5"]
    assert "stored as cp1251" in notes[0]
    sheet, _ = read_csv(written(tmp_path, ASCII, "utf-8-sig"), "UTF8")
    assert sheet.cells[0][0] == "Customer id"


def test_one_damaged_letter_does_not_change_all_others(tmp_path: Path) -> None:
    content = (GERMAN * 10).encode() + b"M\xfcller;;\n"
    fault = refused(tmp_path, content)
    assert (fault.key, fault.facts["line"]) == ("csv_broken_letters", 21)


def test_a_wrong_encoding_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, ASCII.encode(), "latin-99").key == "no_such_encoding"
    fault = refused(tmp_path, GERMAN.encode("cp1252"), "utf-8")
    assert (fault.key, fault.facts["line"]) == ("wrong_encoding", 2)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_separators_are_told(tmp_path: Path, separator: str, line_end: str) -> None:
    table = [["id", "name", "amount"], ["007", "a, b; c | d", "1"], ["", ' "x" ', "2,50"]]
    quoted = [separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    sheet, _ = read_csv(written(tmp_path, line_end.join(quoted) + line_end))
    assert list(sheet.cells) == table


def test_commas_in_numbers_do_not_part_cells(tmp_path: Path) -> None:
    text = "Report, printed 2026\n\nName;Betrag\nA;1,50\nB;2,50\nC;3,75\n"
    sheet, notes = read_csv(written(tmp_path, text))
    assert sheet.cells[3] == ["A", "1,50"]
    assert "semicolons" in notes[0]


def test_quoted_cells_may_hold_line_breaks(tmp_path: Path) -> None:
    sheet, _ = read_csv(written(tmp_path, 'id,note\n1,"two\nlines"\n2,x\n'))
    assert list(sheet.cells) == [["id", "note"], ["1", "two\nlines"], ["2", "x"]]
    assert [line_of(sheet.cells, row) for row in range(3)] == [1, 2, 4]


def test_lines_of_unequal_length_are_filled_up(tmp_path: Path) -> None:
    text = "My orders\n\nid,date,amount\n1,2026-01-31\n" + "2,x,5\n" * 600 + "3,x,5,extra\n"
    cells = read_csv(written(tmp_path, text))[0].cells
    assert cells[0] == ["My orders", None, None, None]
    assert cells[1] == [None, None, None, None]
    assert cells[3] == ["1", "2026-01-31", None, None]
    assert cells[-1] == ["3", "x", "5", "extra"]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "csv_empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "csv_empty"),
        (b"id,date,amount\n", "csv_only_header"),
        (b"id,date,amount\n,,\n", "csv_only_header"),
        (b"%PDF-1.7\n\x01\x02\x03", "csv_not_text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "csv_not_text"),
        (b"id,amount\n" * 9_000 + b"1,\0\n", "csv_not_text"),
        (b"\x81\x81\x81\xff,\n1,2\n", "csv_not_text"),
        (b"<html><table><tr><td>Order</td></tr>\n</table>", "csv_web_page"),
        (b"id,amount\n" + b"," * 20_000 + b"\n", "csv_too_wide"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    fault = refused(tmp_path, content)
    assert fault.key == key
    assert "orders.csv" in str(fault)


@pytest.mark.parametrize("bad", ['"open,5\n7,8\n', '"a"b,5\n7,8\n'])
def test_a_faulty_quote_is_told_with_its_line(tmp_path: Path, bad: str) -> None:
    fault = refused(tmp_path, f'id,note\n1,"two\nlines"\n{bad}'.encode())
    assert (fault.key, fault.facts["line"]) == ("csv_quote", 4)


def test_a_line_far_too_wide_is_told_by_its_number(tmp_path: Path) -> None:
    fault = refused(tmp_path, b'id,note\n1,"two\nlines"\n' + b"," * 20_000 + b"\n5,6\n")
    assert (fault.key, fault.facts["line"]) == ("csv_too_wide", 4)
