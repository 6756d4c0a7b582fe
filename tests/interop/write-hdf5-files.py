"""Writes HDF5 files of many kinds and what a reader must find in them, for tests/interop/hdf5.test.ts."""
import json
import sys

import h5py
import numpy as np

folder = sys.argv[1]


def plain(value):
    """A value as JSON: bytes as text, numbers as numbers, records as lists."""
    if isinstance(value, h5py.Empty):
        return []
    if isinstance(value, np.ndarray):
        return [plain(one) for one in value.reshape(-1)] if value.dtype.names is None or value.ndim else plain(value[()])
    if isinstance(value, np.void) and value.dtype.names:
        return [plain(value[name]) for name in value.dtype.names]
    if isinstance(value, (np.void, h5py.Reference)):
        return "raw"
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, (np.bool_, bool)):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    if isinstance(value, np.floating):
        return None if not np.isfinite(value) else float(value)
    return value


def listing(file):
    out = {}

    def visit(name, node):
        entry = {"attributes": {key: plain(node.attrs[key]) for key in node.attrs}}
        if isinstance(node, h5py.Dataset):
            entry["shape"] = None if node.shape is None else list(node.shape)
            if name.startswith("big/"):
                entry["sum"] = float(np.sum(node[()], dtype="f8"))
            elif h5py.check_enum_dtype(node.dtype) and node.dtype != bool:
                names = {value: key for key, value in h5py.check_enum_dtype(node.dtype).items()}
                entry["values"] = [names[int(value)] for value in node[()]]
            else:
                entry["values"] = plain(np.asarray(node[()], dtype=node.dtype)) if node.shape is not None else []
        out["/" + name] = entry

    file.visititems(visit)
    return out


def fill(file, latest):
    rng = np.random.default_rng(7)
    numbers = file.create_group("numbers")
    for code in ["i1", "u1", "<i2", ">i2", "<u4", ">u4", "<i8", ">i8", "<u8", "<f2", "<f4", ">f4", "<f8", ">f8"]:
        if "f" in code:
            values = np.array([0.5, -1.25, 1024, 0], dtype=code)
        else:
            info = np.iinfo(np.dtype(code))
            values = np.array([info.min, info.max, 1, 0], dtype=code)
        numbers.create_dataset(code.replace("<", "l").replace(">", "b"), data=values)
    file["scalar"] = 3.5
    file["empty"] = h5py.Empty("f4")
    file["none"] = np.zeros((0, 3), "i4")
    file["flag"] = np.array([True, False, True])
    file["kinds"] = np.array([1, 0, 1], dtype=h5py.enum_dtype({"cell": 0, "nucleus": 1}, basetype="i2"))
    texts = file.create_group("texts")
    texts["fixed"] = np.array([b"abc", b"", b"defgh"], dtype="S5")
    texts["utf8"] = np.array(["µm".encode(), "日本".encode()], dtype=h5py.string_dtype("utf-8", 8))
    texts["any"] = np.array(["short", "", "a longer text with µ", "x" * 5000], dtype=h5py.string_dtype())
    texts["one"] = "a single text"
    ragged = file.create_dataset("ragged", (4,), dtype=h5py.vlen_dtype("i4"))
    for n in range(4):
        ragged[n] = np.arange(n * 3)
    record = np.dtype([("ID", "S6"), ("t", "<f4"), ("p", "<f8", (3,)), ("n", "<i4"), ("label", h5py.string_dtype())])
    rows = np.array(
        [(f"o{n}".encode(), n / 2, (n, n + 0.5, -n), n * n, f"label {n}") for n in range(25)], dtype=record
    )
    file["records"] = rows
    file.create_dataset("packed-records", data=rows[["ID", "t", "n"]].copy().astype([("ID", "S6"), ("t", "<f4"), ("n", "<i4")]),
                        chunks=(7,), maxshape=(None,), compression="gzip", shuffle=True)
    file["padded"] = np.zeros(3, dtype=np.dtype({"names": ["a", "b"], "formats": ["u1", "<f8"], "offsets": [0, 8], "itemsize": 24}))
    grid = rng.integers(0, 1000, (37, 53)).astype("<u2")
    file.create_dataset("grid/contiguous", data=grid)
    file.create_dataset("grid/chunked", data=grid, chunks=(10, 16))
    file.create_dataset("grid/gzip", data=grid, chunks=(10, 16), compression="gzip")
    file.create_dataset("grid/shuffled", data=grid, chunks=(10, 16), compression="gzip", shuffle=True)
    file.create_dataset("grid/summed", data=grid, chunks=(10, 16), fletcher32=True)
    file.create_dataset("grid/all", data=grid, chunks=(9, 9), compression="gzip", shuffle=True, fletcher32=True)
    file.create_dataset("grid/lzf", data=grid // 100, chunks=(37, 53), compression="lzf")
    file.create_dataset("grid/single", data=grid, chunks=(37, 53), compression="gzip")
    file.create_dataset("grid/single-plain", data=grid, chunks=(37, 53))
    file.create_dataset("grid/one-open", data=grid, chunks=(4, 8), maxshape=(None, 53))
    file.create_dataset("grid/other-open", data=grid, chunks=(4, 8), maxshape=(37, None), compression="gzip")
    file.create_dataset("grid/both-open", data=grid, chunks=(4, 8), maxshape=(None, None))
    file.create_dataset("grid/both-packed", data=grid, chunks=(4, 8), maxshape=(None, None), compression="gzip")
    file.create_dataset("grid/room", data=grid, chunks=(10, 16), maxshape=(100, 200), compression="gzip")
    sparse = file.create_dataset("grid/sparse", (40, 40), "<i4", chunks=(8, 8), fillvalue=-7)
    sparse[10:12, 30:33] = 5
    file.create_dataset("grid/unwritten", (5, 4), "<f4", fillvalue=2.5)
    grown = file.create_dataset("grid/grown", (3,), "<i4", chunks=(2,), maxshape=(None,))
    grown[:] = [1, 2, 3]
    grown.resize((11,))
    grown[3:] = np.arange(8)
    grown.resize((6,))
    file.create_dataset("big/extensible", data=np.arange(30000, dtype="<i4"), chunks=(3,), maxshape=(None,))
    file.create_dataset("big/extensible-packed", data=np.arange(3000, dtype="<i4"), chunks=(1,), maxshape=(None,), compression="gzip")
    file.create_dataset("big/fixed", data=np.arange(20000, dtype="<i4"), chunks=(4,))
    file.create_dataset("big/fixed-packed", data=np.arange(20000, dtype="<i4"), chunks=(8,), compression="gzip")
    file.create_dataset("big/many", data=np.arange(90000, dtype="<f4").reshape(300, 300), chunks=(5, 5), maxshape=(None, None), compression="gzip")
    file.create_dataset("big/volume", data=rng.normal(size=(20, 30, 40)), chunks=(4, 8, 16), compression="gzip", shuffle=True)
    many = file.create_group("many")
    for n in range(1000):
        many.create_group(f"member {n}")
    few = file.create_group("few")
    few["a"] = 1
    few["soft"] = h5py.SoftLink("/grid/gzip")
    few["relative"] = h5py.SoftLink("a")
    few["dangling"] = h5py.SoftLink("/nowhere")
    few["elsewhere"] = h5py.ExternalLink("other.h5", "/x")
    few["loop"] = file["few"]
    attributed = file.create_group("attributed")
    for n in range(60):
        attributed.attrs[f"number {n}"] = n
    attributed.attrs["text"] = "µ text"
    attributed.attrs["list"] = np.arange(5) / 2
    attributed.attrs["texts"] = np.array(["one", "two"], dtype=h5py.string_dtype())
    attributed.attrs["nothing"] = h5py.Empty("f8")
    attributed.attrs["bytes"] = np.array(list("Imaris"), dtype="S1")
    if latest:
        attributed.attrs["large"] = np.arange(20000, dtype="<i4")
    file["named"] = np.dtype("<f4")
    file.create_dataset("typed", data=np.arange(3), dtype=file["named"])
    file["pointers"] = np.array([file["grid"].ref, file["scalar"].ref], dtype=h5py.ref_dtype)
    tracked = file.create_group("tracked", track_order=True)
    for name in ["z", "y", "x", "w", "v", "u", "t", "s", "r", "q", "p"]:
        tracked[name] = ord(name)


for name, options in {
    "earliest": {"libver": "earliest"},
    "latest": {"libver": "latest"},
    "v110": {"libver": ("v110", "v110")},
    "v18": {"libver": ("v108", "v108")},
    "user-block": {"libver": "earliest", "userblock_size": 1024},
}.items():
    with h5py.File(f"{folder}/{name}.h5", "w", **options) as file:
        fill(file, name != "earliest" and name != "user-block")
    with h5py.File(f"{folder}/{name}.h5", "r") as file:
        with open(f"{folder}/{name}.json", "w") as out:
            json.dump(listing(file), out)
