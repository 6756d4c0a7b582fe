"""Peer of trackmate-to-parquet.ts: reads every column of a TrackMate file with lxml's iterparse, into arrays.

Prints one JSON line: seconds, peak resident memory in units of 10^6 bytes, spots, edges, and a checksum of the numbers.
"""

import json
import resource
import sys
import time
from array import array

from lxml import etree


def main(path):
    started = time.perf_counter()
    columns = {}
    ids = array("q")
    frames = array("i")
    names = []
    sources = array("q")
    targets = array("q")
    costs = array("d")
    frame = 0
    for event, element in etree.iterparse(path, events=("start", "end"), tag=("SpotsInFrame", "Spot", "Edge")):
        tag = element.tag
        if event == "start":
            if tag == "SpotsInFrame":
                frame = int(element.get("frame"))
            continue
        if tag == "Spot":
            for key, value in element.items():
                if key == "ID":
                    ids.append(int(value))
                elif key == "name":
                    names.append(value)
                elif key != "FRAME":
                    column = columns.get(key)
                    if column is None:
                        column = columns[key] = array("d")
                    column.append(float(value))
            frames.append(frame)
        elif tag == "Edge":
            sources.append(int(element.get("SPOT_SOURCE_ID")))
            targets.append(int(element.get("SPOT_TARGET_ID")))
            costs.append(float(element.get("LINK_COST")))
        element.clear()
        parent = element.getparent()
        while element.getprevious() is not None:
            del parent[0]
    seconds = time.perf_counter() - started
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpuSeconds": usage.ru_utime + usage.ru_stime,
                "peakMegabytes": usage.ru_maxrss * 1024 / 1e6,
                "spots": len(ids),
                "edges": len(sources),
                "checksum": sum(columns["POSITION_X"]) + sum(columns["SNR"]),
            }
        )
    )


main(sys.argv[1])
