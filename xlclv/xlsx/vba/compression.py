"""The compression of VBA source: MS-OVBA 2.4.1.

A container is a signature byte and chunks of up to 4096 bytes. A chunk is a run of tokens: a byte
as it is, or a copy of earlier bytes of the same chunk, told apart by a byte of flags before every
eight. A full chunk that tokens would make longer is stored as it is.
"""

from struct import pack, unpack_from
from typing import Final

SIGNATURE: Final = 0x01  # MS-OVBA 2.4.1.1.1
CHUNK: Final = 4096  # bytes of source in a chunk
TOKENS: Final = 8  # told apart by one byte of flags
SHORTEST_COPY: Final = 3
HEADER_MARK: Final = 0b011 << 12  # 2.4.1.1.5: bits 12 to 14 of the header of a chunk
COMPRESSED: Final = 1 << 15
SIZE_MASK: Final = 0x0FFF
HEADER_BYTES: Final = 2
MOST_TRIES: Final = 64  # earlier places looked at for the longest copy


def compress(source: bytes) -> bytes:
    """Return a compressed container: MS-OVBA 2.4.1.3.6.

    >>> compress(b"a" * 73).hex()
    '0103b002614500'
    """
    chunks = [source[at : at + CHUNK] for at in range(0, len(source), CHUNK)]
    return bytes([SIGNATURE]) + b"".join(map(_chunk, chunks))


def _chunk(source: bytes) -> bytes:
    """Return a chunk with its header: MS-OVBA 2.4.1.3.7, 2.4.1.3.12."""
    tokens = _tokens(source)
    if len(tokens) <= CHUNK:
        return pack("<H", COMPRESSED | HEADER_MARK | (len(tokens) - 1)) + tokens
    if len(source) == CHUNK:  # only a full chunk may be stored as it is: 2.4.1.3.10
        return pack("<H", HEADER_MARK | (CHUNK - 1)) + source
    raise ValueError("The last bytes of the source cannot be compressed; add a comment.")


def _tokens(source: bytes) -> bytes:
    """Return the token sequences of a chunk: MS-OVBA 2.4.1.3.8."""
    written, at = bytearray(), 0
    places: dict[bytes, list[int]] = {}
    while at < len(source):
        flag_at = len(written)
        written.append(0)
        for token in range(TOKENS):
            if at == len(source):
                break
            offset, length = _longest_copy(source, at, places)
            if length:
                written += pack("<H", _copy_token(at, offset, length))
                written[flag_at] |= 1 << token
            else:
                written.append(source[at])
            for start in range(at, at + (length or 1)):
                places.setdefault(source[start : start + SHORTEST_COPY], []).append(start)
            at += length or 1
    return bytes(written)


def _longest_copy(source: bytes, at: int, places: dict[bytes, list[int]]) -> tuple[int, int]:
    """Return how far back the longest copy begins and its length; 0, 0 where there is none."""
    most = min(longest_copy(at), len(source) - at)
    if most < SHORTEST_COPY:
        return 0, 0
    offset, longest = 0, SHORTEST_COPY - 1
    for start in places.get(source[at : at + SHORTEST_COPY], [])[: -MOST_TRIES - 1 : -1]:
        length = _same(source, start, at, most)
        if length > longest:
            offset, longest = at - start, length
    return (offset, longest) if offset else (0, 0)


def _same(source: bytes, start: int, at: int, most: int) -> int:
    """Count the bytes that are equal from two places on; the first run may reach into the second.

    >>> _same(b"aaaaab", 0, 1, 5)
    4
    """
    for length in range(most):
        if source[start + length] != source[at + length]:
            return length
    return most


def offset_bits(at: int) -> int:
    """Return how many bits of a copy token hold its offset: MS-OVBA 2.4.1.3.19.1.

    >>> [offset_bits(at) for at in (1, 16, 17, 32, 33, 4095)]
    [4, 4, 5, 5, 6, 12]
    """
    return max((at - 1).bit_length(), 4)


def longest_copy(at: int) -> int:
    """Return the longest copy that a token at this place of a chunk can hold."""
    return (0xFFFF >> offset_bits(at)) + SHORTEST_COPY if at else 0


def _copy_token(at: int, offset: int, length: int) -> int:
    """Pack a copy: MS-OVBA 2.4.1.3.19.3."""
    return (offset - 1) << (16 - offset_bits(at)) | (length - SHORTEST_COPY)


def decompress(container: bytes) -> bytes:
    """Return the source in a compressed container: MS-OVBA 2.4.1.3.1.

    Raises:
        ValueError: It is no such container, or it ends early.
    """
    if container[:1] != bytes([SIGNATURE]):
        raise ValueError("no compressed container")
    source, at = bytearray(), 1
    while at < len(container):
        if at + HEADER_BYTES > len(container):
            raise ValueError("a chunk ends early")
        (header,) = unpack_from("<H", container, at)
        end = at + HEADER_BYTES + (header & SIZE_MASK) + 1
        if header & (0b111 << 12) != HEADER_MARK or end > len(container):
            raise ValueError("a chunk ends early or has no mark")
        data = container[at + HEADER_BYTES : end]
        source += _expanded(data) if header & COMPRESSED else data
        at = end
    return bytes(source)


def _expanded(data: bytes) -> bytes:
    """Return the source of a chunk of tokens: MS-OVBA 2.4.1.3.2 to 2.4.1.3.5."""
    source, at = bytearray(), 0
    while at < len(data):
        flags, at = data[at], at + 1
        for token in range(TOKENS):
            if at == len(data):
                break
            if flags >> token & 1:
                if at + 2 > len(data) or not source:
                    raise ValueError("a copy token ends early or copies nothing")
                _copy(source, unpack_from("<H", data, at)[0])
                at += 2
            else:
                source.append(data[at])
                at += 1
    return bytes(source)


def _copy(source: bytearray, token: int) -> None:
    """Append what a copy token stands for: MS-OVBA 2.4.1.3.11, 2.4.1.3.19.2."""
    bits = 16 - offset_bits(len(source))
    offset, length = (token >> bits) + 1, (token & ((1 << bits) - 1)) + SHORTEST_COPY
    if offset > len(source):
        raise ValueError("a copy token reaches before its chunk")
    for _ in range(length):
        source.append(source[-offset])
