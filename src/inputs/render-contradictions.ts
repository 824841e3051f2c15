import type { InputViolation } from '../errors/action-error.ts';
import type { Contradiction } from './contradictions.ts';
import { formatDuration } from './grammar/duration.ts';
import type { Row } from './grammar/row.ts';
import { findExample, formatWorkflowLine } from './grammar/violations.ts';
import type { RenderInputs } from './inputs.ts';
import { certificateRows } from './rows/certificates.ts';
import { consentRows } from './rows/consent.ts';
import { renderingRows } from './rows/rendering.ts';

/**
 * Returns the contradictions of `render`: a missing `output-directory`, and inputs that need `allow: rendered-secrets`.
 */
export function findRenderContradictions(
  inputs: RenderInputs,
  isGiven: (row: Row<unknown>) => boolean,
): readonly Contradiction[] {
  const { outputDirectory } = renderingRows;
  const { clientVerify, clientCertificates } = certificateRows;
  const missing = isGiven(outputDirectory) ? [] : [nowhere];
  return inputs.allow.includes('rendered-secrets')
    ? missing
    : [
        ...missing,
        ...[clientVerify, clientCertificates].filter(isGiven).map(reportUnissued),
        ...findShortDurations(inputs),
      ];
}

const nowhere: Contradiction = {
  violation: {
    input: renderingRows.outputDirectory.name,
    message: 'got nothing, expected the folder that the files are written to',
    correction: formatWorkflowLine(renderingRows.outputDirectory.name, findExample(renderingRows.outputDirectory)),
  },
  involves: [renderingRows.outputDirectory],
};

/**
 * Builds the contradiction for client certificates. They need the key of the CA, which is written only with the
 * Secrets.
 */
function reportUnissued(row: Row<unknown>): Contradiction {
  return reportSecretsOnly(
    row,
    `got \`${row.name}\` without \`allow: rendered-secrets\`, expected both or neither: client certificates are issued only together with the Secrets`,
    formatWorkflowLine(consentRows.allow.name, 'rendered-secrets'),
  );
}

const HOUR_MS = 3_600_000;

/**
 * The minimum durations of cert-manager (its `pkg/apis/certmanager/v1`, `MinimumCertificateDuration`,
 * `MinimumRenewBefore`).
 */
const CERT_MANAGER_MIN = [
  { row: certificateRows.certificateValidity, field: 'certificateValidityMs', leastMs: HOUR_MS },
  { row: certificateRows.renewBefore, field: 'renewBeforeMs', leastMs: HOUR_MS / 12 },
] as const;

function findShortDurations(inputs: RenderInputs): readonly Contradiction[] {
  if (inputs.serverTlsSecret !== undefined && inputs.routeTlsSecret !== undefined) {
    return [];
  }
  return CERT_MANAGER_MIN.flatMap(({ row, field, leastMs }) => {
    const least = formatDuration(leastMs);
    const message = `got ${formatDuration(inputs[field])} without \`allow: rendered-secrets\`, expected at least ${least}: cert-manager then issues the certificates, and refuses a shorter duration`;
    return inputs[field] < leastMs ? [reportSecretsOnly(row, message, formatWorkflowLine(row.name, least))] : [];
  });
}

function reportSecretsOnly(row: Row<unknown>, message: string, correction: string): Contradiction {
  const violation: InputViolation = { input: row.name, message, correction };
  return { violation, involves: [row, consentRows.allow] };
}
