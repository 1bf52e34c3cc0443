"""Any sound file (wav, mp3, amr, m4a, 3gp, opus, ogg, webm, flac) becomes 16 kHz mono, within limits."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from speech.errors import EmptyAudio, NotAudio, TooLongAudio
from speech.models import RATE, SAMPLE_BYTES, Sound, seconds_of

FORMATS = "wav,w64,mp3,amr,amrnb,amrwb,mov,ogg,flac,matroska,aac,aiff,caf"
"""Containers that are opened (FFmpeg's names). Playlists and the like are not: they may name other files."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one recording may be: more is not a request, but a mistake or an attack.

    Attributes:
        seconds: longest sound; the default is far beyond the longest thing an elder says in one breath.
        bytes: largest file.
        shortest: in seconds; less is a click of the button.
    """

    seconds: float = 120.0
    bytes: int = 50_000_000
    shortest: float = 0.05


def decode(source: Path | bytes, limits: Limits | None = None) -> Sound:
    """Return the sound of a file or of its bytes as 16 kHz mono.

    A file that breaks off gives what came before the break. Reading stops at the limit, so that a file of two
    hours is refused as quickly as one of three minutes.

    Raises:
        EmptyAudio: no sample in it, or hardly any.
        TooLongAudio: longer or larger than ``limits``.
        NotAudio: no file, no sound in it, or nothing that can be read.
    """
    limits = limits or Limits()
    name = source.name if isinstance(source, Path) else "the recording"
    with _opened(source, limits, name) as stream:
        pcm = _decoded(stream, limits, name)
    if seconds_of(pcm) < limits.shortest:
        raise EmptyAudio(f"There is no sound in {name}.")
    return Sound(pcm=pcm, rate=RATE)


def _opened(source: Path | bytes, limits: Limits, name: str) -> BinaryIO:
    if isinstance(source, bytes):
        size, stream = len(source), io.BytesIO(source)
    else:
        try:
            if not source.is_file():
                raise NotAudio(
                    f"{source} is a folder, not a sound file."
                    if source.is_dir()
                    else f"There is no file {source}."
                )
            size = source.stat().st_size
            if 0 < size <= limits.bytes:
                return source.open("rb")
        except OSError as error:
            raise NotAudio(f"{source} cannot be read: {error.strerror}.") from error
        stream = io.BytesIO()
    if size == 0:
        raise EmptyAudio(f"{name} is empty: it has no bytes.")
    if size > limits.bytes:
        raise TooLongAudio(
            f"{name} has {size / 1e6:.0f} MB; at most {limits.bytes / 1e6:.0f} MB are listened to."
        )
    return stream


def _decoded(stream: BinaryIO, limits: Limits, name: str) -> bytes:
    import av

    most = int(limits.seconds * RATE) * SAMPLE_BYTES
    pcm = bytearray()
    try:
        with av.open(stream, options={"format_whitelist": FORMATS, "protocol_whitelist": ""}) as container:
            if not container.streams.audio:
                raise NotAudio(f"There is no sound in {name}.")
            told = (container.duration or 0) / av.time_base
            if told > limits.seconds:
                raise _too_long(name, told, limits)
            try:
                _resample(av, container, pcm, most)
            except av.FFmpegError:
                if not pcm:  # what was said before a file breaks off is still worth hearing
                    raise
    except av.FFmpegError as error:
        raise NotAudio(f"{name} is no sound file that can be read ({error.strerror or error}).") from error
    if len(pcm) > most:
        raise _too_long(name, None, limits)
    return bytes(pcm)


def _resample(av: Any, container: Any, pcm: bytearray, most: int) -> None:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    for frame in container.decode(audio=0):
        _take(resampler.resample(frame), pcm)
        if len(pcm) > most:
            return
    _take(resampler.resample(None), pcm)


def _take(frames: Any, pcm: bytearray) -> None:
    for frame in frames:
        # The plane is padded; only the samples count.
        pcm += bytes(frame.planes[0])[: frame.samples * SAMPLE_BYTES]


def _too_long(name: str, told: float | None, limits: Limits) -> TooLongAudio:
    is_long = f"is {told / 60:.1f} minutes long" if told else "is longer"
    return TooLongAudio(f"{name} {is_long}; at most {limits.seconds:.0f} seconds are listened to.")
