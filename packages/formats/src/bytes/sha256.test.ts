import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sha256, sha256Hex } from './sha256.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('Sha256', () => {
  it('gives the digests of FIPS 180-4', () => {
    expect(sha256Hex(bytes(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex(bytes('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(sha256Hex(bytes('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq'))).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('agrees with WebCrypto however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), fc.nat(500), async (data, cut) => {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
        const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
        const at = Math.min(cut, data.length);
        expect(new Sha256().update(data.subarray(0, at)).update(data.subarray(at)).hex()).toBe(hex);
      }),
      { numRuns: 100 },
    );
  });
});
