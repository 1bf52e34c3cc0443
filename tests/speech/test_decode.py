"""Any sound file becomes 16 kHz mono, and what is none gets a clear answer, quickly."""

import io
import struct
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from speech.decode import Limits, decode
from speech.errors import AudioError, EmptyAudio, NotAudio, TooLongAudio
from speech.models import RATE

HERTZ = 440.0


def tone(seconds: float, rate: int) -> np.ndarray:
    return (0.4 * 32767 * np.sin(2 * np.pi * HERTZ * np.arange(int(seconds * rate)) / rate)).astype(np.int16)


def wav(seconds: float = 2.0, rate: int = RATE, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(tone(seconds, rate), channels).tobytes())
    return out.getvalue()


def encoded(suffix: str, codec: str, rate: int, layout: str = "mono", seconds: float = 2.0) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format={"m4a": "ipod", "opus": "ogg"}.get(suffix, suffix)) as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        if codec == "libopencore_amrnb":
            stream.bit_rate = 12200
        channels = 2 if layout == "stereo" else 1
        samples = np.repeat(tone(seconds, rate), channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout=layout)
        frame.sample_rate = rate
        size = stream.codec_context.frame_size or frame.samples
        fifo = av.AudioFifo()
        fifo.write(frame)
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate)
        while (piece := fifo.read(size, partial=True)) is not None:
            for fit in resampler.resample(piece):
                container.mux(stream.encode(fit))
        container.mux(stream.encode(None))
    return out.getvalue()


def loudest_hertz(pcm: bytes) -> float:
    samples = np.frombuffer(pcm, np.int16).astype(float)[2000:-2000]
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE / len(samples)


@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "layout"),
    [
        ("wav", "pcm_s16le", 44100, "stereo"),
        ("wav", "pcm_mulaw", 8000, "mono"),
        ("mp3", "libmp3lame", 44100, "stereo"),
        ("amr", "libopencore_amrnb", 8000, "mono"),
        ("m4a", "aac", 48000, "mono"),
        ("3gp", "aac", 16000, "mono"),
        ("ogg", "libopus", 48000, "stereo"),
        ("opus", "libopus", 48000, "mono"),
        ("webm", "libopus", 48000, "mono"),
        ("flac", "flac", 22050, "mono"),
    ],
)
def test_every_kind_of_file_keeps_its_sound(tmp_path, suffix, codec, rate, layout):
    path = tmp_path / f"语音 消息.{suffix}"
    path.write_bytes(encoded(suffix, codec, rate, layout))
    sound = decode(path)
    assert sound.rate == RATE
    assert sound.seconds == pytest.approx(2.0, abs=0.15)
    assert loudest_hertz(sound.pcm) == pytest.approx(HERTZ, abs=2)
    level = np.abs(np.frombuffer(sound.pcm, np.int16)[4000:-4000]).max() / 32767
    assert level == pytest.approx(0.4, abs=0.08)


def test_resampling_lets_nothing_of_the_upper_band_alias_into_speech():
    rate, out = 48000, io.BytesIO()
    high = (0.5 * 32767 * np.sin(2 * np.pi * 12_000 * np.arange(rate) / rate)).astype(np.int16)
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(high.tobytes())
    heard = np.frombuffer(decode(out.getvalue()).pcm, np.int16)[1000:-1000]
    assert np.sqrt(np.mean(heard.astype(float) ** 2)) < 0.5 * 32767 / 1000, "60 dB down"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyAudio),
        (wav(0.0), EmptyAudio),
        (wav(0.01), EmptyAudio),
        (b"\0" * 5000, NotAudio),
        (bytes(range(256)) * 40, NotAudio),
        (b"<html><body>404</body></html>", NotAudio),
        ("你好，这不是声音。".encode() * 50, NotAudio),
        (b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n", NotAudio),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", NotAudio),
        (encoded("m4a", "aac", 16000)[:4000], NotAudio),
        (encoded("mp3", "libmp3lame", 16000)[:60], AudioError),
    ],
    ids=[
        "empty",
        "no-samples",
        "a-click",
        "zeros",
        "bytes",
        "html",
        "text",
        "playlist",
        "concat",
        "m4a-cut",
        "mp3-cut",
    ],
)
def test_what_is_no_sound_is_refused_within_a_second(data, error):
    begun = time.monotonic()
    with pytest.raises(error) as caught:
        decode(data)
    assert time.monotonic() - begun < 1.0
    assert caught.value.message


@pytest.mark.parametrize("suffix", ["wav", "mp3", "ogg"])
def test_a_half_written_file_gives_what_is_there(suffix):
    whole = {
        "wav": wav(4.0),
        "mp3": encoded("mp3", "libmp3lame", 16000, seconds=4.0),
        "ogg": encoded("ogg", "libopus", 16000, seconds=4.0),
    }[suffix]
    sound = decode(whole[: len(whole) // 2])
    assert 0.9 < sound.seconds < 3.0
    assert loudest_hertz(sound.pcm) == pytest.approx(HERTZ, abs=3)


def test_a_file_of_two_hours_is_refused_quickly(tmp_path):
    path = tmp_path / "long.wav"
    samples = 2 * 3600 * 8000
    with path.open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + samples * 2) + b"WAVEfmt ")
        file.write(
            struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data" + struct.pack("<I", samples * 2)
        )
        file.truncate(44 + samples * 2)
    for limits in (Limits(), Limits(bytes=10**9)):
        begun = time.monotonic()
        with pytest.raises(TooLongAudio):
            decode(path, limits)
        assert time.monotonic() - begun < 1.0


def test_a_length_that_the_file_does_not_tell_is_still_bounded():
    stream = encoded("mp3", "libmp3lame", 16000, seconds=6.0)
    with pytest.raises(TooLongAudio):
        decode(stream, Limits(seconds=5.0))
    assert decode(stream, Limits(seconds=7.0)).seconds == pytest.approx(6.0, abs=0.2)


@pytest.mark.parametrize("name", [".", "none.wav"])
def test_a_folder_or_no_file_is_said_plainly(tmp_path, name):
    with pytest.raises(NotAudio, match=r"folder|no file"):
        decode(Path(tmp_path / name))
