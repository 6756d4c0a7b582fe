"""Writes stores of btrack and of trackpy for tests/interop/track-stores.test.ts.

btrack: after the layout its HDF5FileHandler documents (objects, tracks, LBEPR, dummies with negative numbers).
trackpy: by pandas, as its PandasHDFStore (one table a frame) and PandasHDFStoreSingleNode (data columns) call it.
"""
import sys
import warnings

import h5py
import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
folder = sys.argv[1]

# t, x, y, z: a cell that divides after frame 1, one with a gap at frame 1, one alone.
coords = np.array([
    (0, 10, 20, 0), (0, 50, 60, 0), (0, 90, 90, 0),
    (1, 11, 21, 0),
    (2, 8, 20, 0), (2, 14, 22, 0), (2, 54, 64, 0),
], "f4")
tracks = [(1, [0, 3], 1), (2, [1, -1, 6], 2), (3, [4], 1), (4, [5], 1)]


def btrack(name, newer, filtered=False, deep=False):
    with h5py.File(f"{folder}/{name}.h5", "w") as file:
        table = coords.copy()
        if deep:
            table[:, 3] = np.arange(7)
        group = file.create_group("objects/obj_type_1")
        group.create_dataset("coords", data=np.hstack([table, np.ones((7, 1), "f4")]), compression="gzip")
        group.create_dataset("labels", data=np.column_stack([np.arange(7) % 3, np.full(7, 0.75)]).astype("f4"))
        group.create_dataset("map", data=np.array([[0, 3], [3, 4], [4, 7]], "u4"))
        area = np.array([100, 101, 5, 103, 104, 105, 106], "f4")
        group.create_dataset("properties/area", data=area)
        group.create_dataset("properties/axes", data=np.column_stack([area, area * 2]))
        found = file.create_group("tracks/obj_type_1")
        # A filter leaves out object 2: tracks then count what is left.
        number = (lambda one: one - 1 if one > 2 else one) if filtered else (lambda one: one)
        refs, begin, ranges = [], 0, []
        for _, members, _ in tracks:
            refs += [number(one) if one >= 0 else one for one in members]
            ranges.append((begin, begin + len(members)))
            begin += len(members)
        found.create_dataset("tracks", data=np.array(refs, "i4"))
        found.create_dataset("map", data=np.array(ranges, "u4"))
        found.create_dataset("dummies", data=np.array([(1, 52, 62, 1 if deep else 0, 1)], "f4"))
        rows = [(label, coords[m[0], 0], coords[m[-1], 0], parent, parent if parent != label else label, int(parent != label))
                for label, m, parent in tracks]
        table = np.array(rows, "i4")
        found.create_dataset("LBEPRG" if newer else "LBEPR", data=table if newer else table[:, :5])
        found.create_dataset("fates", data=np.array([5, 0, 1, 1], "i4"))
        found.attrs["version"] = "0.6.1"
        if filtered:
            found.attrs["f_expr"] = "area>50"


btrack("btrack", True, deep=True)
btrack("btrack-older", False)
btrack("btrack-filtered", False, filtered=True)

rng = np.random.default_rng(3)
rows = [
    {"y": 1.5 * p + t, "x": 2.0 * p - t, "mass": 100.0 + p, "ecc": float(rng.random()), "frame": t, "particle": p}
    for t in range(5) for p in range(4) if not (p == 2 and t == 3)
]
table = pd.DataFrame(rows)
with pd.HDFStore(f"{folder}/trackpy-frames.h5", "w") as store:
    for frame, part in table.groupby("frame"):
        store.put(f"Frame_{frame}", part, format="table")
with pd.HDFStore(f"{folder}/trackpy-single.h5", "w") as store:
    for _, part in table.groupby("frame"):
        store.append("FrameData", part, data_columns=True)
table.assign(z=table.x / 2, note="µ").to_hdf(f"{folder}/trackpy-fixed.h5", "tracks", format="fixed")
table.assign(note=[f"row {n} µ" for n in range(len(table))]).to_hdf(f"{folder}/trackpy-packed.h5", "tracks", format="table", complib="zlib", complevel=5)
pd.DataFrame({"temperature": [1.0, 2.0], "place": [3, 4]}).to_hdf(f"{folder}/other.h5", "weather", format="table")
