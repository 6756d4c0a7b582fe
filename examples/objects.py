"""Objects per frame of the first tracks of a study, with pandas and nothing of ours.

Usage: python3 examples/objects.py SERVER ACCESSION
"""

import json
import sys
import urllib.request

import pandas as pd

server, accession = sys.argv[1].rstrip("/"), sys.argv[2]
with urllib.request.urlopen(f"{server}/api/v1/studies/{accession}") as answer:
    study = json.load(answer)
item = next(item for item in study["items"] if item["trackSets"])
base = f"{server}/api/v1/studies/{accession}/versions/{study['version']}/items/{item['id']}"
objects = pd.read_csv(f"{base}/export/objects.csv?part=0")
print(study["citation"])
print(f"{len(objects)} objects in {objects['frame'].nunique()} frames")
print(objects.groupby("frame").size().describe().to_string())
