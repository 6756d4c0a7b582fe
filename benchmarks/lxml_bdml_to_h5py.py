"""BDML spheres to BD5 with lxml streaming and h5py, as a scientist would write it: one component at a time, one table a time group."""
import json
import resource
import sys
import time

import h5py
import lxml.etree
import numpy

started = time.perf_counter()
path, target = sys.argv[1:3]
space = '{http://ssbd.qbic.riken.jp/bdml}'
objects, features, links = {}, {}, []
for _, node in lxml.etree.iterparse(path, tag=space + 'component'):
    get = lambda name, of=node: of.findtext('.//' + space + name)
    key, stamp = get('componentID'), float(get('time'))
    links.extend((one.text, key) for one in node.findall(space + 'prevID'))
    row = (key, stamp, 'sphere', float(get('x')), float(get('y')), float(get('z')), float(get('radius')))
    objects.setdefault(stamp, []).append(row)
    features.setdefault(stamp, []).append((key, 0, float(get('featureVal'))))
    node.clear()
    while node.getprevious() is not None:
        del node.getparent()[0]
record = [('ID', 'S8'), ('t', 'f8'), ('entity', 'S8'), ('x', 'f8'), ('y', 'f8'), ('z', 'f8'), ('radius', 'f8')]
total = 0
with h5py.File(target, 'w') as file:
    data = file.create_group('data')
    for number, stamp in enumerate(sorted(objects)):
        data.create_dataset(f'{number}/object/0', data=numpy.array(objects[stamp], dtype=record))
        data.create_dataset(f'{number}/feature/0', data=numpy.array(features[stamp], dtype=[('ID', 'S8'), ('fID', 'i4'), ('value', 'f8')]))
        total += len(objects[stamp])
    if links:
        data.create_dataset('trackInfo', data=numpy.array(links, dtype=[('from', 'S8'), ('to', 'S8')]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    'seconds': time.perf_counter() - started,
    'cpuSeconds': used.ru_utime + used.ru_stime,
    'peakMegabytes': used.ru_maxrss * 1024 / 1e6,
    'objects': total,
    'links': len(links),
}))
