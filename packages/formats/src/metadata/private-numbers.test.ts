import { describe, expect, test } from 'vitest';
import { findPrivateDetails } from './private-details.ts';

const found = (text: string): string[] =>
  findPrivateDetails(text, { place: 'raw text' }).map(({ kind, value }) => `${kind}: ${value}`);

describe('numbers that tell of a person', () => {
  test.each([
    ['Phone: (03) 1234-5678', 'phone number: (03) 1234-5678'],
    ['<Tel>06221 123456</Tel>', 'phone number: 06221 123456'],
    ['電話: 03-1234-5678', 'phone number: 03-1234-5678'],
    ['ask the ward, +81 3-1234-5678, for more', 'phone number: +81 3-1234-5678'],
    ['call +1 (650) 253-0000 in the morning', 'phone number: +1 (650) 253-0000'],
    ['SSN: 219-09-9998', 'national id: 219-09-9998'],
    ['マイナンバー: 1234 5678 9018', 'national id: 1234 5678 9018'],
    ['NHS number 943 476 5919', 'national id: 943 476 5919'],
    ['Steuer-ID: 86 095 742 719', 'national id: 86 095 742 719'],
    ['PESEL=44051401359', 'national id: 44051401359'],
    ['BSN: 111222333', 'national id: 111222333'],
    ['personnummer: 811228-9874', 'national id: 811228-9874'],
    ['CPR-nummer: 070761-4285', 'national id: 070761-4285'],
    ['HETU: 131052-308T', 'national id: 131052-308T'],
    ['DNI: 12345678Z', 'national id: 12345678Z'],
    ['NIE: X1234567L', 'national id: X1234567L'],
    ['Aadhaar: 2341 2341 2346', 'national id: 2341 2341 2346'],
    ['of 2 55 08 14 168 025 38 and others', 'national id: 2 55 08 14 168 025 38'],
    ['donor 529.982.247-25', 'national id: 529.982.247-25'],
    ['donor 756.9217.0769.85', 'national id: 756.9217.0769.85'],
    ['id 11010519491231002X;', 'national id: 11010519491231002X'],
    ['sample of RSSMRA85T10A562S', 'national id: RSSMRA85T10A562S'],
    ['PatientID=123456', 'patient: 123456'],
    ['<PatientName>Doe^Jane</PatientName>', 'patient: Doe^Jane'],
    ['(0010,0020) LO [4711]                  #   4, 1 PatientID', 'patient: 4711'],
    ['MRN: 00123', 'patient: 00123'],
    ['CameraSerialNumber="X-1234"', 'serial number: X-1234'],
    ['|ScanScope ID = SS1234|', 'serial number: SS1234'],
    ['exif:GPSLatitude="35,41.3N"', 'place of recording: 35,41.3N'],
  ])('in %s', (text, wanted) => {
    expect(found(text)).toEqual([wanted]);
  });

  test('pictures of a slide that OME-XML names, not masks of objects', () => {
    expect(found('<Image ID="Image:1" Name="label image"/><Image ID="Image:2" Name="macro image"/>')).toEqual([
      'slide label: picture: label',
      'slide label: picture: macro',
    ]);
    expect(found('<Image ID="Image:1" Name="label image"/><Image ID="Image:0" Name="raw"/>')).toEqual([]);
  });

  test.each([
    // A wrong check digit each.
    'マイナンバー: 1234 5678 9012',
    'NHS number 943 476 5918',
    'Steuer-ID: 86 095 742 718',
    'PESEL=44051401358',
    'BSN: 111222334',
    'personnummer: 811228-9875',
    'HETU: 131052-308U',
    'DNI: 12345678A',
    'Aadhaar: 2341 2341 2347',
    '2 55 08 14 168 025 39 . 529.982.247-26 . 756.9217.0769.86 . 110105194912310021 . RSSMRA85T10A562T',
    // Other numbers.
    'SSN: 000-12-3456',
    '20240131-1530 240131_1530 12345678901234567 2024-01-31T10:20:30.123456+09:00',
    'Size: 1024 1024 2048; offsets +10 -20 +30; +1 2 3 4 5; gain 1.2e+10 3.4e+10',
    'Tel: 2024-01-31; telegraph: 12345678; phone: none; HotelTel 12',
    'PatientID="" PatientName=Anonymous; patient number: 0',
    'SerialNumber="" serial number: unknown; serial no: 0000; s/n: none; SNR=12.5',
    'GPSLatitude=0.0',
    'image 1 of 13, z 0.5 µm, t 132.984.211 123456-1234567x',
  ])('none in %s', (text) => {
    expect(found(text)).toEqual([]);
  });
});
