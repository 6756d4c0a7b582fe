"""Writes Imaris files after the published layout of the format, for tests/interop/ims.test.ts.

Images: "Imaris File Format" of the ImarisWriter repository. Scene: the tables Imaris keeps below Scene8/Content, as
readers of other laboratories address them (Spot, SpotTimeOffset, Track0, TrackObject0, TrackEdge0, MainTrackTable,
StatisticsType, StatisticsValue, Factor, SurfaceModelInfo).
"""
import json
import sys

import h5py
import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(11)


def letters(text):
    return np.array(list(text), dtype="S1") if text else np.array([b""], dtype="S1")


def attributes(node, **values):
    for name, value in values.items():
        node.attrs[name] = letters(str(value))


def write_image(file, options):
    root = file
    attributes(root, ImarisDataSet="ImarisDataSet", ImarisVersion="5.5.0", DataSetDirectoryName="DataSet",
               DataSetInfoDirectoryName="DataSetInfo", ThumbnailDirectoryName="Thumbnail")
    root.attrs["NumberOfDataSets"] = np.array([1], "u4")
    sizes = {0: (5, 50, 70), 1: (3, 25, 35)}
    sums = {}
    for level, (z, y, x) in sizes.items():
        for t in range(3):
            for c in range(2):
                group = file.create_group(f"DataSet/ResolutionLevel {level}/TimePoint {t}/Channel {c}")
                attributes(group, ImageSizeX=x, ImageSizeY=y, ImageSizeZ=z, HistogramMin="0.000", HistogramMax="999.000")
                pixels = rng.integers(1, 999, (z, y, x)).astype(options["type"])
                # Imaris fills up to whole chunks; what it puts there is no part of the image.
                stored = np.full((8, 64, 96), 7, options["type"])
                stored[:z, :y, :x] = pixels
                group.create_dataset("Data", data=stored, chunks=(4, 32, 32), **options["data"])
                group.create_dataset("Histogram", data=np.zeros(256, "u8"))
                sums[f"{level} {t} {c}"] = [int(plane.sum()) for plane in pixels]
    image = file.create_group("DataSetInfo/Image")
    attributes(image, X=70, Y=50, Z=5, ExtMin0="-10", ExtMin1="20.5", ExtMin2="0", ExtMax0="25", ExtMax1="45.5",
               ExtMax2="7.5", Unit=options["unit"], RecordingDate="2021-03-04 05:06:07.250", Name="two cells",
               Description="(description not specified)", LensPower="63x", NumericalAperture="1.4",
               ManufactorString="Acme", ManufactorType="Generic")
    attributes(file.create_group("DataSetInfo/Channel 0"), Name="GFP", Color="0.000 1.000 0.000",
               ColorRange="10.5 800", LSMExcitationWavelength="488 nm".split()[0], LSMEmissionWavelength="510.0")
    attributes(file.create_group("DataSetInfo/Channel 1"), Name="(name not specified)", Color="1.000 0.000 0.500")
    attributes(file.create_group("DataSetInfo/TimeInfo"), DatasetTimePoints=3, FileTimePoints=3,
               TimePoint1="2021-03-04 05:06:07.250", TimePoint2="2021-03-04 05:06:37.250",
               TimePoint3="2021-03-04 05:07:07.500")
    return sums


text = "S256"
# Spots of a cell that divides, one that merges with another, one nobody tracked: id, frame, x, y, z, radius.
spots = [
    (7, 0, -9, 21, 1, 2.5), (101, 0, 5, 30, 2, 2), (102, 0, 6, 31, 2, 2), (8, 1, -8, 21, 1, 2.5),
    (103, 1, 5.5, 30.5, 2, 3), (9, 2, -8.5, 21, 1, 1.25), (10, 2, -7.5, 22, 1, 1.25), (500, 2, 20, 40, 6, 1),
]
tracks = [(1000000000, [7, 8, 9, 10], [(7, 8), (8, 9), (8, 10)]), (1000000001, [101, 102, 103], [(101, 103), (102, 103)])]


def write_tracks(group, factor):
    objects, edges, rows = [], [], []
    for track, members, links in tracks:
        rows.append((track, len(objects), len(objects) + len(members), len(edges), len(edges) + len(links)))
        objects += members
        edges += links
    columns = ["IndexTrackObjectBegin", "IndexTrackObjectEnd", "IndexTrackEdgeBegin", "IndexTrackEdgeEnd"]
    group.create_dataset("Track0", data=np.array(rows, [("ID", "<i8")] + [(name, "<i8") for name in columns]))
    group.create_dataset("TrackObject0", data=np.array([(one,) for one in objects], [("ID_Object", "<i8")]))
    group.create_dataset("TrackEdge0", data=np.array(edges, [("ID_ObjectA", "<i8"), ("ID_ObjectB", "<i8")]))


def write_spots(file, unit, factor):
    group = file.create_group("Scene8/Content/Points0")
    attributes(group, Name="Spots 1", Unit=unit)
    group.attrs["Id"] = np.int64(200001)
    spot = [("ID", "<i8"), ("PositionX", "<f4"), ("PositionY", "<f4"), ("PositionZ", "<f4"), ("Radius", "<f4")]
    ordered = sorted(spots, key=lambda one: one[1])
    group.create_dataset("Spot", data=np.array(
        [(i, x / factor, y / factor, z / factor, r / factor) for i, _, x, y, z, r in ordered], spot), maxshape=(None,),
        chunks=(3,), compression="gzip")
    offsets, begin = [], 0
    for frame in range(3):
        count = sum(1 for one in ordered if one[1] == frame)
        offsets.append((frame, begin, begin + count))
        begin += count
    group.create_dataset("SpotTimeOffset", data=np.array(
        offsets, [("ID", "<i8"), ("IndexBegin", "<i8"), ("IndexEnd", "<i8")]))
    write_tracks(group, factor)
    types = [(1, 1, 0, b"Diameter X", unit.encode()), (2, 1, 5, b"Intensity Mean", b""), (2_000, 2, 0, b"Track Length", unit.encode()),
             (3, 1, 6, b"Intensity Mean", b"")]
    group.create_dataset("StatisticsType", data=np.array(
        types, [("ID", "<i8"), ("ID_Category", "<i8"), ("ID_FactorList", "<i8"), ("Name", text), ("Unit", text)]))
    group.create_dataset("Factor", data=np.array(
        [(5, b"Channel", b"1"), (6, b"Channel", b"2")], [("ID_List", "<i8"), ("Name", text), ("Level", text)]))
    values = [(frame, i, 1, 2 * r / factor) for i, frame, _, _, _, r in spots]
    values += [(frame, i, 2, i / 2) for i, frame, *_ in spots if i != 500]
    values += [(frame, i, 3, i / 4) for i, frame, *_ in spots]
    values += [(-1, 1000000000, 2_000, 3.25 / factor), (-1, 1000000001, 2_000, 1.5 / factor), (-1, -1, 2, 99)]
    group.create_dataset("StatisticsValue", data=np.array(
        values, [("ID_Time", "<i8"), ("ID_Object", "<i8"), ("ID_StatisticsType", "<i8"), ("Value", "<f8")]))


def write_surfaces(file):
    group = file.create_group("Scene8/Content/MegaSurfaces0")
    attributes(group, Name="Surfaces 1", Unit="um")
    ids = [one[0] for one in spots]
    names = ["CenterOfMassX", "CenterOfMassY", "CenterOfMassZ", "Volume"]
    group.create_dataset("SurfaceModel", data=np.array([(i,) for i in ids], [("ID", "<i8")]))
    group.create_dataset("SurfaceModelInfo", data=np.array(
        [(i, x, y, z, r * 10) for i, _, x, y, z, r in spots], [("ID", "<i8")] + [(name, "<f4") for name in names]))
    write_tracks(group, 1)
    group.create_dataset("StatisticsType", data=np.array(
        [(11, 1, 0, b"Area", b"um^2")],
        [("ID", "<i8"), ("ID_Category", "<i8"), ("ID_FactorList", "<i8"), ("Name", text), ("Unit", text)]))
    group.create_dataset("StatisticsValue", data=np.array(
        [(frame, i, 11, r + 1) for i, frame, _, _, _, r in spots],
        [("ID_Time", "<i8"), ("ID_Object", "<i8"), ("ID_StatisticsType", "<i8"), ("Value", "<f4")]))


kinds = {
    "gzip": {"type": "<u2", "unit": "um", "data": {"compression": "gzip", "compression_opts": 2}},
    "bytes": {"type": "u1", "unit": "mm", "data": {}},
    "floats": {"type": "<f4", "unit": "nm", "data": {"compression": "gzip", "shuffle": True}},
}
for name, options in kinds.items():
    with h5py.File(f"{folder}/{name}.ims", "w", libver="earliest" if name == "bytes" else "latest") as file:
        sums = write_image(file, options)
        if name == "gzip":
            write_spots(file, "um", 1)
            write_surfaces(file)
        if name == "bytes":
            write_spots(file, "mm", 1000)
    with open(f"{folder}/{name}.json", "w") as out:
        json.dump(sums, out)
