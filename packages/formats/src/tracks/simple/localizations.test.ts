import { describe, expect, test } from 'vitest';
import { readFiles } from '../item-for-tests.test-data.ts';

test('ThunderSTORM: spots in nanometers, frames from 1, uncertainty as a described column', async () => {
  const { format, sets, counts, codes } = await readFiles({
    'a.csv':
      '"id","frame","x [nm]","y [nm]","sigma [nm]","intensity [photon]","offset [photon]","bkgstd [photon]","uncertainty [nm]"\n' +
      '1,1,1000.5,2000.25,120,500,20,3,9.5\n2,1,3000,4000,130,600,21,4,8\n7,3,1001,2001,120,500,20,3,9\n',
  });
  expect(format).toBe('localizations');
  expect(counts).toEqual([[3, 0, 0, 0, 2, 0, 0, 0]]);
  const [set] = sets;
  expect(set).toMatchObject({ spaceUnit: 'nanometer', sourceFrameBase: 1, provenance: { software: 'ThunderSTORM' } });
  expect([...set!.objects.id]).toEqual([1, 2, 7]);
  expect([...set!.objects.frame]).toEqual([0, 0, 2]);
  expect(set!.objects.columns.map(({ name, unit, description }) => [name, unit, description])).toEqual([
    ['sigma [nm]', 'nm', 'Width of the fitted spot'],
    ['intensity [photon]', 'photon', 'Photons of the spot'],
    ['offset [photon]', 'photon', 'Photons of the background'],
    ['bkgstd [photon]', 'photon', 'Standard deviation of the background'],
    ['uncertainty [nm]', 'nm', 'Uncertainty of x and y, one standard deviation'],
  ]);
  expect(codes).toEqual([]);
});

test('ThunderSTORM: a header that another program put in quotes as a whole', async () => {
  const header =
    '"id,""frame"",""x [nm]"",""y [nm]"",""sigma [nm]"",""intensity [photon]"",""offset [photon]"",""uncertainty [nm]"""';
  for (const rows of [1, 60]) {
    const body = Array.from({ length: rows }, (_, n) => `${n}.0,${n + 2}.0,1320.5,26344.75,143.25,296.5,31.25,22.5\n`);
    const { format, sets, counts } = await readFiles({ 'a.csv': `${header}\n${body.join('')}` });
    expect([format, counts[0]![0]]).toEqual(['localizations', rows]);
    expect(sets[0]).toMatchObject({ spaceUnit: 'nanometer', provenance: { software: 'ThunderSTORM' } });
    expect([sets[0]!.objects.x[0], sets[0]!.objects.y[0], sets[0]!.objects.frame[0]]).toEqual([1320.5, 26344.75, 1]);
  }
});

test.each([
  [
    'Picasso',
    'frame,x,y,photons,sx,sy,bg,lpx,lpy,ellipticity,net_gradient\n0,10.5,20.5,900,1,1,10,0.1,0.2,0,5000\n2,11,20,900,1,1,10,0.1,0.2,0,5000\n',
    'pixel',
    [0, 2],
    ['lpx', 'pixel'],
  ],
  [
    'ZEN',
    'Index\tFirst Frame\tNumber Frames\tFrames Missing\tPosition X [nm]\tPosition Y [nm]\tPrecision [nm]\tNumber Photons\n1\t1\t1\t0\t10.5\t20\t9\t100\n2\t4\t1\t0\t11\t21\t9\t100\n',
    'nanometer',
    [0, 3],
    ['Precision [nm]', 'nm'],
  ],
  [
    'N-STORM',
    'Channel Name\tX\tY\tXc\tYc\tFrame\tPhotons\tLateral Localization Accuracy\n647\t1\t2\t1.5\t2.5\t1\t900\t9.5\n647\t3\t4\t3.5\t4.5\t2\t900\t9.5\n',
    'nanometer',
    [0, 1],
    ['Lateral Localization Accuracy', 'nanometer'],
  ],
  [
    'SMAP',
    'frame,xnm,ynm,znm,locprecnm,phot\n1,10.5,20,3,9,100\n2,11,21,3,9,100\n',
    'nanometer',
    [0, 1],
    ['locprecnm', 'nanometer'],
  ],
  [
    'SMLM challenge',
    'Ground-truth,frame,xnano,ynano,znano,intensity\n1,1,10.5,20,3,900\n2,2,11,21,3,900\n',
    'nanometer',
    [0, 1],
    ['intensity', 'photon'],
  ],
] as const)('%s', async (software, text, unit, frames, [column, columnUnit]) => {
  const { format, sets } = await readFiles({ 'a.txt': text });
  expect(format).toBe('localizations');
  expect(sets[0]).toMatchObject({ spaceUnit: unit, provenance: { software } });
  expect([...sets[0]!.objects.frame]).toEqual(frames);
  expect(sets[0]!.objects.columns.find(({ name }) => name === column)?.unit).toBe(columnUnit);
});

test('Nanoimager: names for positions as ThunderSTORM has them, frames from 0', async () => {
  const { sets, codes } = await readFiles({
    'a.csv': 'Channel,Frame,X (nm),Y (nm),Z (nm),Photons,Background\n0,0,10,20,5,140,1\n0,7,11,21,6,150,1\n',
  });
  expect([...sets[0]!.objects.frame]).toEqual([0, 7]);
  expect(sets[0]!.provenance.software).toBe('Nanoimager');
  expect(codes).toEqual([]);
});

test('ZEN: what stands behind the table is no row', async () => {
  const head =
    'Index\tFirst Frame\tNumber Frames\tFrames Missing\tPosition X [nm]\tPosition Y [nm]\tPrecision [nm]\r\n';
  const rows = '1\t1\t1\t0\t10.5\t20\t9\r\n2\t3\t1\t0\t11.5\t21\t9\r\n';
  const { format, sets } = await readFiles({
    'a.txt': `${head}${rows}\0\r\r\nVoxelSizeX : 0.097\r\r\nROI List : \r\r\n`,
  });
  expect(format).toBe('localizations');
  expect([...sets[0]!.objects.x]).toEqual([10.5, 11.5]);
  expect([...sets[0]!.objects.frame]).toEqual([0, 2]);
});

describe('rapidSTORM', () => {
  const field = (identifier: string, unit: string, semantic: string) =>
    `<field identifier="${identifier}" syntax="floating point" semantic="${semantic}" unit="${unit}" />`;
  const fields = [
    field('Position-0-0', 'nanometer', 'position in X'),
    field('Position-1-0', 'nanometer', 'position in Y'),
    field('ImageNumber-0-0', 'frame', 'frame number'),
    field('Amplitude-0-0', 'A/D count', 'emission strength'),
  ].join('');

  test('columns are named by the comment above the rows', async () => {
    const { format, sets, codes } = await readFiles({
      'a.txt': `# <localizations insequence="true" repetitions="variable">${fields}</localizations>\n9657.4 24533.5 0 33290\n16754.9 18770 4 21275\n6820.5 16662 4 8531\n`,
    });
    expect([format, codes]).toEqual(['localizations', []]);
    expect(sets[0]).toMatchObject({ spaceUnit: 'nanometer', provenance: { software: 'rapidSTORM' } });
    expect([...sets[0]!.objects.frame]).toEqual([0, 4, 4]);
    expect(sets[0]!.objects.columns.map(({ name, unit, description }) => [name, unit, description])).toEqual([
      ['Amplitude-0-0', 'A/D count', 'emission strength'],
    ]);
  });

  test('spots joined over frames are refused with a reason', async () => {
    const { sets, issues } = await readFiles({
      'a.txt': `# <localizations insequence="true">${fields}<localizations insequence="true">${fields}</localizations></localizations>\n1 2 0 9 1 2 0 9\n`,
    });
    expect(sets).toEqual([]);
    expect(issues.map(({ message }) => message).join()).toContain('joined over frames');
  });
});

test('a table of positions in nanometers without fitted spots is none', async () => {
  expect((await readFiles({ 'a.csv': 'frame,x [nm],y [nm],name\n1,2,3,a\n2,3,4,b\n' })).format).toBe('delimited');
});
