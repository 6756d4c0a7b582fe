"""Studies, tables and films of a Micrarium server in pandas and zarr. No package of ours: copy this file beside your script.

    import micrarium
    studies = micrarium.search("https://micrarium.example.org", "zebrafish")
    study = micrarium.study("https://micrarium.example.org", "MIC-000001")
    objects = micrarium.rows(study, "objects", fromFrame=0, toFrame=9)
    speeds = micrarium.sql("https://micrarium.example.org", "SELECT organism, avg(mean_speed) FROM measures JOIN datasets USING (dataset) GROUP BY 1")

Positions are in the unit of the deposited file, which `units` tells; frames count from 0.
"""

import io
import json
import re
import tempfile
import urllib.parse
import urllib.request

import pandas as pd


def _get(address, accept="application/json"):
    request = urllib.request.Request(address, headers={"accept": accept})
    with urllib.request.urlopen(request) as answer:
        return answer.read(), answer.headers


def _query(values):
    return "?" + urllib.parse.urlencode(values, doseq=True) if values else ""


def search(server, words="", **filters):
    """Studies that hold the words, newest first: one row for each (accession, title, version...), at most 100."""
    body, _ = _get(f"{server.rstrip('/')}/api/v1/studies{_query({'q': words, 'limit': 100, **filters})}")
    return pd.DataFrame(json.loads(body)["studies"])


def study(server, accession, version=None):
    """A version of a study (the newest where none is named) as the server tells it, with its address."""
    address = f"{server.rstrip('/')}/api/v1/studies/{accession}"
    found = json.loads(_get(address if version is None else f"{address}/versions/{version}")[0])
    found["address"] = f"{address}/versions/{found['version']}"
    return found


def _first(study, kind, item):
    items = [one for one in study["items"] if (one["id"] == item if item else one[kind])]
    if not items:
        raise LookupError(f"{study['accession']} has no such item: {item or kind}")
    return f"{study['address']}/items/{items[0]['id']}"


def rows(study, table="objects", item=None, **query):
    """All rows of a table (objects, edges, links, tracks, measures) of the first set of tracks, or of the item named.

    `query` chooses rows: frame, fromFrame, toFrame, fromTime, toTime, box="x0,y0,x1,y1", track, link, label, part.
    """
    base = _first(study, "trackSets", item)
    address = f"{base}/{'objects' if table == 'objects' else 'rows/' + table}{_query({'limit': 100000, **query})}"
    pages = []
    while address:
        body, headers = _get(address, "text/csv")
        pages.append(pd.read_csv(io.BytesIO(body)))
        after = re.search(r'<([^>]+)>; rel="next"', headers.get("link") or "")
        address = urllib.parse.urljoin(address, after[1]) if after else None
    return pd.concat(pages, ignore_index=True) if len(pages) > 1 else pages[0]


def units(study, table="objects", item=None):
    """Units of the columns of a table, by name; columns without one are left out."""
    base = _first(study, "trackSets", item)
    path = "objects" if table == "objects" else f"rows/{table}"
    columns = json.loads(_get(f"{base}/{path}?limit=1")[0])["columns"]
    return {one["name"]: one["unit"] for one in columns if "unit" in one}


def sql(server, statement):
    """The result of one SELECT over the public tables of the server; docs/lake.md tells of its views."""
    body, _ = _get(f"{server.rstrip('/')}/api/v1/sql{_query({'q': statement, 'format': 'csv'})}", "text/csv")
    return pd.read_csv(io.BytesIO(body))


def film(study, item=None, image=0):
    """The first film, or that of the item named, as an array of t, c, z, y, x. Needs zarr; copied first where zarr is older than 3."""
    import zarr

    base = _first(study, "images", item)
    if int(zarr.__version__.split(".")[0]) >= 3:
        return zarr.open_array(f"{base}/content/image-{image}.zarr/0", mode="r")
    with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as copy:
        copy.write(_get(f"{base}/export/ome-zarr-0.4.zip?image={image}", "*/*")[0])
    return zarr.open(zarr.ZipStore(copy.name, mode="r"), mode="r")["0"]
