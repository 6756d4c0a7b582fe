/** What a validation found, under its code in the OCFL 1.1 specification. */
export interface Finding {
  /** `E001`... for errors, `W001`... for warnings. */
  code: string;
  /** Path in the object. */
  path: string;
  /** One sentence. */
  message: string;
}

/** Makes a finding. */
export function finding(code: string, path: string, message: string): Finding {
  return { code, path, message };
}

/** Are there errors among the findings? Warnings alone leave an object valid. */
export function hasErrorFindings(findings: readonly Finding[]): boolean {
  return findings.some((one) => one.code.startsWith('E'));
}
