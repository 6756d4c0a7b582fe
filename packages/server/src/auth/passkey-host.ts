/** Host for which passkeys count: that of the public address, else this machine alone. An address of numbers has none by the standard. */
export function passkeyHost(publicUrl: string | undefined): string {
  return publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname;
}
