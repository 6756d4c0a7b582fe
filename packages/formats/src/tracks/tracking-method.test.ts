import { describe, expect, it } from 'vitest';
import { methodOfJson, methodOfTrackmate } from './tracking-method.ts';

describe('the method in TrackMate settings', () => {
  it('is the detector and the tracker with their parameters', () => {
    const settings = `<Settings>
      <DetectorSettings DETECTOR_NAME="LOG_DETECTOR" TARGET_CHANNEL="1" RADIUS="2.50" THRESHOLD="5.0" DO_MEDIAN_FILTERING="false" />
      <TrackerSettings TRACKER_NAME="SPARSE_LAP_TRACKER" CUTOFF_PERCENTILE="0.9">
        <Linking LINKING_MAX_DISTANCE="15.0"><FeaturePenalties QUALITY="1e3" /></Linking>
        <GapClosing ALLOW_GAP_CLOSING="true" MAX_FRAME_GAP="2" />
      </TrackerSettings>
    </Settings>`;
    expect(methodOfTrackmate(settings)).toEqual({
      detector: {
        name: 'LOG_DETECTOR',
        parameters: { TARGET_CHANNEL: 1, RADIUS: '2.50', THRESHOLD: 5, DO_MEDIAN_FILTERING: false },
      },
      linker: {
        name: 'SPARSE_LAP_TRACKER',
        parameters: {
          CUTOFF_PERCENTILE: 0.9,
          'Linking.LINKING_MAX_DISTANCE': 15,
          'FeaturePenalties.QUALITY': '1e3',
          'GapClosing.ALLOW_GAP_CLOSING': true,
          'GapClosing.MAX_FRAME_GAP': 2,
        },
      },
    });
  });

  it('is not known where nothing is named', () => {
    expect(methodOfTrackmate('<Settings><DetectorSettings /></Settings>')).toBeUndefined();
    expect(methodOfTrackmate('<Settings><DetectorSettings DETECTOR_NAME="a')).toBeUndefined();
  });
});

describe('the method in JSON', () => {
  it('takes names and plain parameters, nothing else', () => {
    expect(
      methodOfJson({
        detector: 'cellpose',
        linker: { name: 'LAP', version: '2', parameters: { max: 15, deep: { a: 1 }, wide: [1], no: Number.NaN } },
        positionUncertainty: { value: 20, unit: 'nanometer' },
        other: 'x',
      }),
    ).toEqual({
      detector: { name: 'cellpose' },
      linker: { name: 'LAP', version: '2', parameters: { max: 15 } },
      positionUncertainty: { value: 20, unit: 'nanometer' },
    });
    for (const bad of [
      undefined,
      null,
      3,
      [],
      {},
      { detector: { name: 3 } },
      { positionUncertainty: { value: 'x', unit: 'y' } },
    ])
      expect(methodOfJson(bad)).toBeUndefined();
  });
});
