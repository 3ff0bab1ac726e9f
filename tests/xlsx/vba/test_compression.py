"""Compression as in MS-OVBA 2.4.1: its printed examples, round trips, oletools, Excel's own."""

import random
import zipfile
from importlib.metadata import distribution
from io import BytesIO

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hosts.excel.readers import decompress_stream
from xlclv.xlsx.vba.compression import compress, decompress, longest_copy

# MS-OVBA 3.2.1 to 3.2.3: source and container as printed.
LITERALS = """
01 19 B0 00 61 62 63 64 65 66 67 68 00 69 6A 6B 6C 6D 6E 6F 70 00 71 72 73 74 75 76 2E"""
COPIES = """
01 2F B0 00 23 61 61 61 62 63 64 65 82 66 00 70 61 67 68 69 6A 01 38 08 61 6B 6C 00 30 6D 6E 6F
70 06 71 02 70 04 10 72 73 74 75 76 10 77 78 79 7A 00 3C"""
PRINTED = [
    (b"abcdefghijklmnopqrstuv.", LITERALS),
    (b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa", COPIES),
    (b"a" * 73, "01 03 B0 02 61 45 00"),
]
NOISE = random.Random(1).randbytes(3 * 4096)  # noqa: S311 - no secret


@pytest.mark.parametrize(("source", "container"), PRINTED)
def test_printed_containers_hold_the_printed_source(source: bytes, container: str) -> None:
    assert decompress(bytes.fromhex(container)) == source


@pytest.mark.parametrize(("source", "container"), [PRINTED[0], PRINTED[2]])
def test_printed_source_gives_the_printed_container(source: bytes, container: str) -> None:
    # in the other one Excel chose the farther of two copies of one length
    assert compress(source) == bytes.fromhex(container)


def test_a_choice_among_equal_copies_costs_nothing() -> None:
    source, container = PRINTED[1]
    assert len(compress(source)) == len(bytes.fromhex(container))


SOURCES = [
    b"",
    b"\0",
    *(b"x" * size for size in (4095, 4096, 4097, 8192, 8193)),
    *(b"Dim a As Long\r\n" * size for size in (273, 274, 1000)),
    *(NOISE[:size] for size in (1, 2, 3640, 4096, 8192, 12288)),
    NOISE[:4096] + b"a" * 4096 + NOISE[4096:8192] + b"end",
]


@pytest.mark.parametrize("source", SOURCES, ids=len)
def test_source_at_the_edges_comes_back(source: bytes) -> None:
    packed = compress(source)
    assert decompress(packed) == source
    if source:
        assert decompress_stream(bytearray(packed)) == source


@given(
    st.lists(st.sampled_from([b"Dim ", b"As ", b"\r\n", b"x", b"aaaa", b"\0\xff"]) | st.binary())
)
def test_hypothesis_any_source_comes_back(pieces: list[bytes]) -> None:
    source = b"".join(pieces)
    packed = compress(source)
    assert decompress(packed) == source
    if source:
        assert decompress_stream(bytearray(packed)) == source


@given(st.binary(min_size=1, max_size=300), st.integers(1, 60), st.integers(0, 4096))
def test_hypothesis_long_repeated_source_comes_back(piece: bytes, times: int, cut: int) -> None:
    source = (piece * times + NOISE[:4096])[: 4096 * 2 + cut] + b" " * 4096
    source = source[: len(source) // 4096 * 4096]
    assert decompress_stream(bytearray(compress(source))) == decompress(compress(source)) == source


@given(st.binary(max_size=60))
def test_hypothesis_damage_is_told_not_guessed(container: bytes) -> None:
    try:
        source = decompress(b"\x01" + container)
    except ValueError:
        return
    assert len(source) <= 4096 * 20


def test_a_short_rest_that_cannot_be_compressed_is_refused() -> None:
    # as it is, it would be read back filled up to 4096 bytes
    with pytest.raises(ValueError, match="cannot be compressed"):
        compress(NOISE[:4000])


def test_chunks_just_short_of_not_compressible_come_back() -> None:
    sizes = set()
    for even in range(500, 520):
        source = NOISE[: 4096 - even] + b"a" * even
        packed = compress(source)
        assert decompress_stream(bytearray(packed)) == decompress(packed) == source
        sizes.add(len(packed) - 3)
    assert {4095, 4096} <= sizes
    assert max(sizes) == 4096


def test_full_chunks_of_noise_are_stored_as_they_are() -> None:
    packed = compress(NOISE[:8192])
    assert packed == b"\x01" + b"".join(
        b"\xff\x3f" + NOISE[at : at + 4096] for at in range(0, 8192, 4096)
    )


def test_a_copy_reaches_no_farther_than_its_bits() -> None:
    # MS-OVBA 2.4.1.3.19.1: the more bits the offset takes, the fewer the length has
    assert [longest_copy(at) for at in (0, 1, 16, 17, 4095)] == [0, 4098, 4098, 2050, 18]


def test_what_excel_compressed_is_read_as_oletools_does() -> None:
    book = distribution("xlwings").locate_file("xlwings/quickstart_standalone.xlsm")
    with zipfile.ZipFile(str(book)) as parts:
        project = olefile.OleFileIO(BytesIO(parts.read("xl/vbaProject.bin")))
    packed = project.openstream("VBA/dir").read()
    assert decompress(packed) == decompress_stream(bytearray(packed))
    project.close()
