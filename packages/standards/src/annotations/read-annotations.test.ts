import { expect, test } from 'vitest';
import { plainWell, readAnnotationTable, readOmeAnnotations } from './read-annotations.ts';

test('an IDR annotation table tells of images', () => {
  const table = [
    'Dataset Name,Image Name,Characteristics [Organism],Term Source 1 REF,Term Source 1 Accession,Has Phenotype,Phenotype 1,Phenotype 1 Term Accession',
    'set A,one.tif,Homo sapiens,NCBITaxon,NCBITaxon_9606,yes,decreased cell movement speed,CMPO_0000309',
  ].join('\n');
  expect(readAnnotationTable(table)).toEqual([
    {
      on: 'image',
      container: 'set A',
      name: 'one.tif',
      key: 'Organism',
      value: { label: 'Homo sapiens', id: 'NCBITaxon:9606' },
    },
    {
      on: 'image',
      container: 'set A',
      name: 'one.tif',
      key: 'Phenotype',
      value: { label: 'decreased cell movement speed', id: 'CMPO:0000309' },
    },
  ]);
});

test('key-value rows tell of whatever they name, and other tables are left alone', () => {
  const table =
    'image\tobject\tkey\tvalue\tterm\na.tif\t17\tfate\tapoptotic\tGO:0006915\na.tif\t\tdrug\tDMSO\t\n\t\tx\ty\t';
  expect(readAnnotationTable(table)).toEqual([
    { on: 'object', name: 'a.tif', part: '17', key: 'fate', value: { label: 'apoptotic', id: 'GO:0006915' } },
    { on: 'image', name: 'a.tif', key: 'drug', value: { label: 'DMSO' } },
  ]);
  expect(readAnnotationTable('plate,well,key,value\nP1,B07,gene,CDC20')).toEqual([
    { on: 'well', container: 'P1', name: 'B07', key: 'gene', value: { label: 'CDC20' } },
  ]);
  expect(readAnnotationTable('frame,track,x,y\n0,1,2,3')).toBeUndefined();
  expect(readAnnotationTable('')).toBeUndefined();
  expect([plainWell('b07'), plainWell('B12')]).toEqual(['B7', 'B12']);
});

test('OME-XML tells by maps, tags and terms on images, wells and regions', () => {
  const xml = `<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
    <Plate ID="Plate:0" Name="P1"><Well ID="Well:0" Row="1" Column="6"><AnnotationRef ID="Annotation:0"/></Well></Plate>
    <Image ID="Image:0" Name="a.tif"><ROIRef ID="ROI:0"/><AnnotationRef ID="Annotation:0"/><AnnotationRef ID="Annotation:1"/></Image>
    <ROI ID="ROI:0" Name="nucleus"><Union><Point ID="Shape:0:0" X="1" Y="1" Text="cell 7"><AnnotationRef ID="Annotation:1"/></Point></Union><AnnotationRef ID="Annotation:1"/></ROI>
    <StructuredAnnotations>
      <MapAnnotation ID="Annotation:0"><Value><M K="Gene">CDC20</M><M K="Phenotype">slow (CMPO:0000309)</M></Value></MapAnnotation>
      <TagAnnotation ID="Annotation:1"><Value>nice</Value></TagAnnotation>
    </StructuredAnnotations></OME>`;
  const found = readOmeAnnotations(xml);
  expect(found).toHaveLength(7);
  expect(found).toContainEqual({ on: 'object', name: 'a.tif', part: 'cell 7', key: 'Tag', value: { label: 'nice' } });
  expect(found).toContainEqual({ on: 'well', container: 'P1', name: 'B7', key: 'Gene', value: { label: 'CDC20' } });
  expect(found).toContainEqual({
    on: 'image',
    name: 'a.tif',
    key: 'Phenotype',
    value: { label: 'slow', id: 'CMPO:0000309' },
  });
  expect(found).toContainEqual({ on: 'region', name: 'a.tif', part: 'nucleus', key: 'Tag', value: { label: 'nice' } });
  expect(readOmeAnnotations('<a/>')).toEqual([]);
  expect(readOmeAnnotations('no')).toEqual([]);
});
