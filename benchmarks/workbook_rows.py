"""Rows of a workbook by openpyxl in its streaming mode: python workbook_rows.py write|read PATH [ROWS]; one line of JSON."""
import json
import random
import resource
import sys
import time

import openpyxl

action, path = sys.argv[1:3]
if action == "write":
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Tracks")
    sheet.append(["Track", "Frame", "X", "Y", "Z", "Mean", "Area", "Class"])
    number = random.Random(1)
    for row in range(int(sys.argv[3])):
        place = [number.random() * 512, number.random() * 512, number.random() * 20]
        phase = "mitotic" if row % 10 == 0 else "interphase"
        sheet.append([row // 100, row % 100, *place, number.random() * 1000, number.randint(10, 500), phase])
    book.save(path)
    print(json.dumps({}))
else:
    started = time.perf_counter()
    rows = 0
    total = 0.0
    for row in openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(min_row=2, values_only=True):
        rows += 1
        total += row[2]
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - started,
                "cpuSeconds": used.ru_utime + used.ru_stime,
                "peakMegabytes": used.ru_maxrss * 1024 / 1e6,
                "rows": rows,
                "total": total,
            }
        )
    )
