"""What a user would run instead: tifffile and zarr-python, OME-Zarr 0.4 with Blosc zstd level 1, the same levels.

Usage: tifffile_zarr.py IN.tif OUT.zarr. Prints seconds and peak memory as JSON.
"""

import json
import os
import resource
import sys
import time

import numcodecs
import numpy
import tifffile
import zarr


def halve(plane):
    """Mean of 2 x 2, rounded half up; sides are even here."""
    wide = plane.astype(numpy.uint32)
    total = wide[0::2, 0::2] + wide[0::2, 1::2] + wide[1::2, 0::2] + wide[1::2, 1::2]
    return ((total + 2) >> 2).astype(plane.dtype)


def main(source, target):
    start = time.perf_counter()
    with tifffile.TiffFile(source) as tiff:
        pages = tiff.pages
        height, width = pages[0].shape
        compressor = numcodecs.Blosc(cname="zstd", clevel=1, shuffle=numcodecs.Blosc.SHUFFLE)
        store = zarr.DirectoryStore(target)
        group = zarr.group(store, overwrite=True)
        levels = []
        side = (height, width)
        while True:
            chunk = 512 if max(side) >= 1024 else 256
            levels.append(
                group.create_dataset(
                    str(len(levels)),
                    shape=(1, 1, len(pages), *side),
                    chunks=(1, 1, 1, chunk, chunk),
                    dtype=pages[0].dtype,
                    compressor=compressor,
                    fill_value=0,
                    dimension_separator="/",
                )
            )
            if max(side) <= 256:
                break
            side = ((side[0] + 1) // 2, (side[1] + 1) // 2)
        for z, page in enumerate(pages):
            plane = page.asarray()
            for level in levels:
                if level is not levels[0]:
                    plane = halve(plane)
                level[0, 0, z] = plane
        group.attrs["multiscales"] = [
            {"version": "0.4", "axes": list("tczyx"), "datasets": [{"path": level.basename} for level in levels]}
        ]
    for folder, _, names in os.walk(target):
        for name in names:
            handle = os.open(os.path.join(folder, name), os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
    print(
        json.dumps(
            {
                "seconds": round(time.perf_counter() - start, 2),
                "cpuSeconds": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 2),
                "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6),
                "levels": len(levels),
            }
        )
    )


main(sys.argv[1], sys.argv[2])
