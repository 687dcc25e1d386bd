"""Messages over pipes: a length of eight bytes, then a pickle. Both ends are our own processes."""

import pickle
from typing import Any, BinaryIO

_LENGTH = 8


def write_frame(stream: BinaryIO, message: Any) -> None:
    """Write one message and flush it. Raises OSError when the other end is gone."""
    data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    stream.write(len(data).to_bytes(_LENGTH, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO) -> Any:
    """Read one message. Raises EOFError when the other end is gone, also in the middle of a message."""
    size = int.from_bytes(_exactly(stream, _LENGTH), "big")
    return pickle.loads(_exactly(stream, size))


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise EOFError("the other process ended")
    return data
