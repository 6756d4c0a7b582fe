import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds of one step, and digits of a code: what every authenticator app assumes (RFC 6238, RFC 4226). */
const stepSeconds = 30;
const digits = 6;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Bytes as base32 (RFC 4648) without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let value = 0;
  let bits = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >>> bits) & 31]!;
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31]!;
}

/** The code of a step. */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', secret).update(counter).digest();
  const offset = hash[hash.length - 1]! & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits).padStart(digits, '0');
}

/** Step of a moment. */
export const totpStep = (milliseconds: number): number => Math.floor(milliseconds / 1000 / stepSeconds);

/**
 * The step a code is of, if it is of now or one step beside (clocks differ), and later than the last one used: a code counts once.
 * @returns `undefined` for a code that does not count
 */
export function stepOfCode(secret: Uint8Array, code: string, now: number, lastStep: number): number | undefined {
  const given = Buffer.from(code.replaceAll(' ', ''));
  for (const step of [totpStep(now), totpStep(now) - 1, totpStep(now) + 1]) {
    const expected = Buffer.from(totpCode(secret, step));
    if (step > lastStep && given.length === expected.length && timingSafeEqual(given, expected)) return step;
  }
  return undefined;
}

const keyOf = (secret: string) => createHash('sha256').update(`micrarium second factor\n${secret}`).digest();

/** Encrypts with the secret of the installation (AES-256-GCM): a stolen dump of the database makes no codes. */
export function sealed(bytes: Uint8Array, installationSecret: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(installationSecret), nonce);
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
}

/** Decrypts what `sealed` made. @throws Error where it was made with another secret */
export function unsealed(text: string, installationSecret: string): Buffer {
  const all = Buffer.from(text, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(installationSecret), all.subarray(0, 12));
  decipher.setAuthTag(all.subarray(12, 28));
  return Buffer.concat([decipher.update(all.subarray(28)), decipher.final()]);
}
