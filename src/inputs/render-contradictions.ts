import type { Contradiction } from './contradictions.ts';
import type { RenderInputs } from './inputs.ts';
import type { Row } from './row.ts';
import { certificateRows } from './rows/certificates.ts';
import { consentRows } from './rows/consent.ts';
import { renderingRows } from './rows/rendering.ts';
import { exampleOf } from './violations.ts';
import { workflowLine } from './workflow-line.ts';

/** What `render` cannot go without. */
export function renderContradictions(
  { allow }: RenderInputs,
  isGiven: (row: Row<unknown>) => boolean,
): readonly Contradiction[] {
  const { outputDirectory } = renderingRows;
  const nowhere: Contradiction = {
    violation: {
      input: outputDirectory.name,
      message: 'got nothing, expected the folder that the files are written to',
      correction: workflowLine(outputDirectory.name, exampleOf(outputDirectory)),
    },
    involves: [outputDirectory],
  };
  const { clientVerify, clientCertificates } = certificateRows;
  const issued = allow.includes('rendered-secrets') ? [] : [clientVerify, clientCertificates].filter(isGiven);
  return [...(isGiven(outputDirectory) ? [] : [nowhere]), ...issued.map(withoutIssuance)];
}

/** Certificates of clients are signed by the authority whose key is among the Secrets, and the Action needs some itself. */
function withoutIssuance(row: Row<unknown>): Contradiction {
  const message =
    'got it without `allow: rendered-secrets`, expected both or neither: certificates of clients are issued with the Secrets only';
  const correction = workflowLine(consentRows.allow.name, 'rendered-secrets');
  return { violation: { input: row.name, message, correction }, involves: [row, consentRows.allow] };
}
