"""Writes databases as ultrack does (core/database.py of ultrack), with SQLite itself: argv[1] is the folder."""
import os, sqlite3, sys

folder = sys.argv[1]
columns = """t INTEGER NOT NULL, id BIGINT NOT NULL, parent_id BIGINT, t_node_id INTEGER, t_hier_id INTEGER,
z FLOAT, y FLOAT, x FLOAT, area INTEGER, {late}, PRIMARY KEY (t, id), UNIQUE (id)"""


def database(name, page, cells, frames, blob, deep, late="selected BOOLEAN, pickle BLOB", encoding="UTF-8"):
    connection = sqlite3.connect(f"{folder}/{name}.db")
    connection.execute(f"PRAGMA page_size={page}")
    connection.execute(f"PRAGMA encoding='{encoding}'")
    connection.execute("CREATE TABLE links (id INTEGER PRIMARY KEY, source_id BIGINT, target_id BIGINT, weight FLOAT)")
    connection.execute(f"CREATE TABLE nodes ({columns.format(late=late)})")
    names = "t,id,parent_id,z,y,x,area,selected,pickle"
    for t in range(frames):
        for cell in range(cells):
            for candidate in range(2):
                k = cell * 2 + candidate + 1
                parent = (t - 1) * 1_000_000 + cell * 2 + 1 if t > 0 and candidate == 0 else -1
                row = (t, t * 1_000_000 + k, parent, 2.5 * cell if deep else 0, cell + t / 4, 100.125 - cell, 40 + k,
                       candidate == 0 if name != "unsolved" else False, os.urandom(blob))
                connection.execute(f"INSERT INTO nodes ({names}) VALUES (?,?,?,?,?,?,?,?,?)", row)
    connection.commit()
    connection.close()


database("small", 4096, 3, 4, 30, True)
# The mask stands before what is asked for, over chains of pages.
database("chains", 512, 5, 6, 3000, False, late="pickle BLOB, selected BOOLEAN", encoding="UTF-16le")
# Three levels of pages.
database("many", 512, 60, 50, 10, False)
database("unsolved", 1024, 2, 2, 10, False)
other = sqlite3.connect(f"{folder}/other.db")
other.execute("CREATE TABLE nodes (id INTEGER PRIMARY KEY, name TEXT)")
other.commit()
