import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/**
 * Writes a synthetic BDML 0.18 document: spheres in tracks over `frames` times, each with one feature and, but for the
 * first time, one predecessor. About 330 bytes a sphere.
 */
export async function generateBdml(path: string, spheres: number, frames: number): Promise<void> {
  const out = createWriteStream(path, { highWaterMark: 1 << 22 });
  let state = 1;
  const random = (scale: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state / 2 ** 32) * scale).toFixed(4);
  };
  const id = (frame: number, n: number) => `${String(frame).padStart(3, '0')}${String(n).padStart(5, '0')}`;
  out.write(`<?xml version="1.0" encoding="UTF-8"?>
<bdml version="0.18" xmlns="http://ssbd.qbic.riken.jp/bdml">
<info><bdmlID>00000000-0000-4000-8000-000000000001</bdmlID><title>synthetic</title><version>1</version><release>2020-01-01</release><license>CC0</license></info>
<summary><description>d</description><datatype>t</datatype><organism>o</organism><basedon>Simulation</basedon><contributors>c</contributors></summary>
<contact><name>n</name><E-mail>e</E-mail><organization>o</organization></contact>
<methods><summary>s</summary></methods>
<data>
<scaleUnit><xScale>0.09</xScale><yScale>0.09</yScale><zScale>1.0</zScale><xyzUnit>micrometer</xyzUnit><tScale>1.0</tScale><tUnit>minute</tUnit></scaleUnit>
<object><objectName>nucleus</objectName></object>
<feature><featureName>signal</featureName><featureScale>1.0</featureScale><featureUnit>intensity</featureUnit></feature>
`);
  const inFrame = Math.ceil(spheres / frames);
  for (let frame = 0, done = 0; frame < frames; frame++)
    for (let n = 0; n < inFrame && done < spheres; n++, done++) {
      const previous = frame === 0 ? '' : `<prevID>${id(frame - 1, n)}</prevID>`;
      const xyz = `<xyz><x>${random(600)}</x><y>${random(400)}</y><z>${random(30)}</z></xyz>`;
      const text = `<component><componentID>${id(frame, n)}</componentID><time>${frame + 1}</time>${previous}<measurement><objectRef>nucleus</objectRef><sphere>${xyz}<radius>${random(4)}</radius></sphere><property><featureRef>signal</featureRef><featureVal>${Math.round(Number(random(3e6)))}</featureVal></property></measurement></component>\n`;
      if (!out.write(text)) await once(out, 'drain');
    }
  out.end('</data>\n</bdml>\n');
  await once(out, 'close');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [path = '/tmp/spheres.xml', spheres = '1000000', frames = '100'] = process.argv.slice(2);
  await generateBdml(path, Number(spheres), Number(frames));
}
