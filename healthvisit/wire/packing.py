"""JSON lines in one zstd frame, with caps that hold before memory is taken."""

import zstandard

from healthvisit.domain.errors import OfficeError

LEVEL_UP = 9
LEVEL_DOWN = 3


def pack(lines: list[bytes], *, level: int = LEVEL_UP) -> bytes:
    """Lines, each ended by a newline, as one zstd frame that names its size."""
    return zstandard.ZstdCompressor(level=level).compress(b"".join(line + b"\n" for line in lines))


def unpack(data: bytes, *, packed_limit: int, plain_limit: int) -> list[bytes]:
    """The lines of a frame made by `pack`.

    Args:
        data: One zstd frame and nothing after it.
        packed_limit: Bytes that `data` may have.
        plain_limit: Bytes that may come out. Checked against the size the frame names, because zstd takes memory for
            that size whatever cap it is given; a frame that names none is read as a stream up to the cap.

    Raises:
        OfficeError: ``wire.too_big`` or ``wire.unreadable``.
    """
    if len(data) > packed_limit:
        raise OfficeError("wire.too_big", limit=packed_limit)
    try:
        named = zstandard.get_frame_parameters(data).content_size
        if named != zstandard.CONTENTSIZE_UNKNOWN and named > plain_limit:
            raise OfficeError("wire.too_big", limit=plain_limit)
        plain = _decompress(data, plain_limit, named=named != zstandard.CONTENTSIZE_UNKNOWN)
    except zstandard.ZstdError as exc:
        raise OfficeError("wire.unreadable") from exc
    if not plain.endswith(b"\n"):
        raise OfficeError("wire.unreadable")
    return plain[:-1].split(b"\n")


def _decompress(data: bytes, plain_limit: int, *, named: bool) -> bytes:
    # 8 MiB is the window of level 9 and below; a frame that asks for more is none of ours.
    decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 23)
    if named:
        plain: bytes = decompressor.decompress(data, allow_extra_data=False)
        return plain
    with decompressor.stream_reader(data) as reader:
        plain = reader.read(plain_limit + 1)
    if len(plain) > plain_limit:
        raise OfficeError("wire.too_big", limit=plain_limit)
    return plain
