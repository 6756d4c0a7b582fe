import type { InspectReport } from '@micrarium/formats';
import type { Issue } from '@micrarium/model';

/** Most texts that are remembered; beyond, a text is simply its own. */
const mostTexts = 20_000;

/**
 * Lets reports that come from a worker share their texts: each comes as a copy of its own, and forty thousand files of one kind
 * say the same few sentences.
 */
export class SharedTexts {
  private readonly texts = new Map<string, string>();

  /** The report with texts that others have already; the same in every value. */
  share(report: InspectReport): InspectReport {
    // One place for all issues that name nothing but the file.
    let place: Issue['where'] | undefined;
    const issues = report.issues.map((issue): Issue => {
      const { code, severity, message, where, hint } = issue;
      const isOnlyFile = where.file !== undefined && Object.keys(where).length === 1;
      if (isOnlyFile && place?.file !== where.file)
        place = where.file === report.path ? { file: report.path } : { file: where.file! };
      return {
        ...issue,
        code: this.text(code),
        severity: this.text(severity) as Issue['severity'],
        message: this.text(message),
        where: isOnlyFile ? place! : where,
        ...(hint === undefined ? {} : { hint: this.text(hint) }),
      };
    });
    const { format, kind } = report;
    return {
      ...report,
      format: this.text(format) as InspectReport['format'],
      kind: this.text(kind) as InspectReport['kind'],
      issues,
    };
  }

  private text(text: string): string {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    if (this.texts.size < mostTexts) this.texts.set(text, text);
    return text;
  }
}
