"""Peer of measures.ts: measures of tracks as one writes them with pandas and numpy, fewer than ours.

Per track: length, speeds, net and largest displacement, straightness, radius of gyration, largest distance, area of
the hull, turning angles; then mean squared displacements, the two autocorrelations, headings and counts by frame.
Usage: numpy_measures.py COLUMNS. Prints one JSON line.
"""

import json
import resource
import sys
import time

import numpy
import pandas
from scipy.spatial import ConvexHull

INTERVAL = 2.0
MOST_LAGS = 200


def measure(group):
    xy = group[["x", "y"]].to_numpy()
    steps = numpy.diff(xy, axis=0)
    lengths = numpy.hypot(steps[:, 0], steps[:, 1])
    speeds = lengths / INTERVAL
    moved = numpy.hypot(xy[:, 0] - xy[0, 0], xy[:, 1] - xy[0, 1])
    centred = xy - xy.mean(axis=0)
    eigenvalues = numpy.linalg.eigvalsh(centred.T @ centred / len(xy))
    between = xy[:, None, :] - xy[None, :, :]
    cross = steps[:-1, 0] * steps[1:, 1] - steps[:-1, 1] * steps[1:, 0]
    dot = (steps[:-1] * steps[1:]).sum(axis=1)
    turns = numpy.abs(numpy.arctan2(cross, dot))
    return {
        "path_length": lengths.sum(),
        "mean_speed": speeds.mean(),
        "median_speed": numpy.median(speeds),
        "max_speed": speeds.max(),
        "min_speed": speeds.min(),
        "std_speed": speeds.std(ddof=1),
        "net_displacement": moved[-1],
        "max_displacement": moved.max(),
        "straightness": moved[-1] / lengths.sum(),
        "radius_of_gyration": numpy.sqrt(eigenvalues.sum()),
        "asphericity": ((eigenvalues[0] - eigenvalues[1]) / eigenvalues.sum()) ** 2,
        "max_distance": numpy.sqrt((between**2).sum(axis=2).max()),
        "hull_area": ConvexHull(xy).volume,
        "mean_turning_angle": turns.mean(),
    }


def main(path):
    columns = numpy.fromfile(path).reshape(4, -1)
    table = pandas.DataFrame({"track": columns[0], "frame": columns[1], "x": columns[2], "y": columns[3]})
    started = time.perf_counter()
    before = time.process_time()
    rows = pandas.DataFrame([measure(group) for _, group in table.groupby("track")])
    length = int(table.groupby("track").size().max())
    wide = table[["x", "y"]].to_numpy().reshape(-1, length, 2)
    steps = numpy.diff(wide, axis=1)
    headings = numpy.arctan2(steps[..., 1], steps[..., 0])
    numpy.histogram(headings, bins=24, range=(-numpy.pi, numpy.pi))
    unit = steps / numpy.linalg.norm(steps, axis=2, keepdims=True)
    msd = {}
    for lag in range(1, min(MOST_LAGS, length // 4) + 1):
        msd[lag] = ((wide[:, lag:] - wide[:, :-lag]) ** 2).sum(axis=2).mean()
        (steps[:, lag:] * steps[:, :-lag]).sum(axis=2).mean()
        (unit[:, lag:] * unit[:, :-lag]).sum(axis=2).mean()
    table.groupby("frame").size()
    seconds = time.perf_counter() - started
    used = time.process_time() - before
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpuSeconds": used,
                "peakMegabytes": usage.ru_maxrss * 1024 / 1e6,
                "tracks": len(rows),
                "pathLength": rows["path_length"].sum(),
                "hullArea": rows["hull_area"].sum(),
                "msdOfLag5": msd[5],
            }
        )
    )


main(sys.argv[1])
