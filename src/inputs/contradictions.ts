import { isGenerationOf } from '../cluster/user.ts';
import type { InputViolation } from '../errors/action-error.ts';
import { findJetStreamContradictions, findNameContradictions } from './feature-contradictions.ts';
import { formatDuration } from './grammar/duration.ts';
import type { Row } from './grammar/row.ts';
import { findExample, formatWorkflowLine } from './grammar/violations.ts';
import type { DeploymentInputs, Inputs } from './inputs.ts';
import { findRenderContradictions } from './render-contradictions.ts';
import { certificateRows } from './rows/certificates.ts';
import { configurationRows } from './rows/configuration.ts';
import { type Consent, commandsOf, consentRows } from './rows/consent.ts';
import { credentialRows } from './rows/credentials.ts';
import { previewRows } from './rows/preview.ts';
import { targetRows } from './rows/target.ts';

/**
 * A contradiction between inputs. `involves` are all rows that cause it, so that an input that is invalid by itself is
 * reported once.
 */
export type Contradiction = { readonly violation: InputViolation; readonly involves: readonly Row<unknown>[] };

const UNISSUED = 'client certificates are signed by the CA of the generated certificates';

/** The inputs that cannot be combined with a certificate that the Action did not generate. */
const GENERATED_ONLY = [
  { row: certificateRows.caCertificate, because: 'your own certificate is signed by the CA in its Secret' },
  { row: certificateRows.subjectAltNames, because: 'additional names can be written into generated certificates only' },
  { row: certificateRows.clientVerify, because: UNISSUED },
  { row: certificateRows.clientCertificates, because: UNISSUED },
] as const;

/** Returns the contradictions between inputs that are valid one by one. */
export function findContradictions(inputs: Inputs, isGiven: (row: Row<unknown>) => boolean): readonly Contradiction[] {
  return [
    ...('allow' in inputs ? findUnusedConsents(inputs) : []),
    ...('certificateValidityMs' in inputs ? checkValidities(inputs) : []),
    ...checkPlaces(isGiven),
    ...findHalfCa(isGiven),
    ...checkConfigurations(isGiven),
    ...('users' in inputs
      ? [
          ...findUserContradictions(inputs),
          ...findNameContradictions(inputs),
          ...findJetStreamContradictions(inputs, isGiven),
        ]
      : []),
    ...(inputs.command === 'render' ? findRenderContradictions(inputs, isGiven) : []),
    ...(isGiven(certificateRows.serverTlsSecret) ? findUserSecretContradictions(inputs, isGiven) : []),
  ];
}

type Validities = {
  readonly certificateValidityMs: number;
  readonly caValidityMs: number;
  readonly renewBeforeMs: number;
};

function checkValidities({ certificateValidityMs, caValidityMs, renewBeforeMs }: Validities): readonly Contradiction[] {
  const { renewBefore, certificateValidity, caValidity } = certificateRows;
  const [validity, authority, renewal] = [certificateValidityMs, caValidityMs, renewBeforeMs].map(formatDuration);
  const found: Contradiction[] = [];
  if (renewBeforeMs >= certificateValidityMs) {
    const message = `got ${renewal}, expected less than \`certificate-validity\` (${validity}); otherwise a new certificate would be due as soon as it is issued`;
    const correction = formatWorkflowLine(renewBefore.name, formatDuration(certificateValidityMs / 3));
    found.push({
      violation: { input: renewBefore.name, message, correction },
      involves: [renewBefore, certificateValidity],
    });
  }
  if (certificateValidityMs > caValidityMs) {
    const message = `got ${validity}, expected at most \`ca-validity\` (${authority}), because a CA must outlive the certificates that it signs`;
    const correction = formatWorkflowLine(certificateValidity.name, formatDuration(caValidityMs));
    found.push({
      violation: { input: certificateValidity.name, message, correction },
      involves: [certificateValidity, caValidity],
    });
  }
  return found;
}

/** Returns the opt-ins that the command never uses. They belong to other commands. */
function findUnusedConsents({ command, allow }: { readonly allow: readonly Consent[] } & Pick<Inputs, 'command'>) {
  const used = allow.filter((consent) => commandsOf(consent).includes(command));
  const correction =
    used.length === 0
      ? `# remove \`${consentRows.allow.name}\``
      : formatWorkflowLine(consentRows.allow.name, used.join(', '));
  return allow
    .filter((consent) => !used.includes(consent))
    .map((consent): Contradiction => {
      const owners = commandsOf(consent).map((owner) => `\`${owner}\``);
      const message = `\`command: ${command}\` does not use \`${consent}\`; it belongs to ${owners.join(', ')}`;
      return { violation: { input: consentRows.allow.name, message, correction }, involves: [consentRows.allow] };
    });
}

function findHalfCa(isGiven: (row: Row<unknown>) => boolean): readonly Contradiction[] {
  const involves = [certificateRows.caCertificate, certificateRows.caPrivateKey];
  const [missing, ...others] = involves.filter((row) => !isGiven(row));
  if (missing === undefined || others.length > 0) return [];
  const other =
    missing === certificateRows.caCertificate ? certificateRows.caPrivateKey : certificateRows.caCertificate;
  const message = `got nothing, expected a value, because \`${other.name}\` is set and a CA signs with both`;
  const correction = formatWorkflowLine(missing.name, findExample(missing));
  return [{ violation: { input: missing.name, message, correction }, involves }];
}

function checkPlaces(isGiven: (row: Row<unknown>) => boolean): readonly Contradiction[] {
  const { allNamespaces } = previewRows;
  const { namespace } = targetRows;
  if (!isGiven(allNamespaces) || !isGiven(namespace)) return [];
  const message = `got both \`${allNamespaces.name}\` and \`${namespace.name}\`, expected only one of them`;
  const correction = `# remove \`${allNamespaces.name}\` or \`${namespace.name}\``;
  return [{ violation: { input: allNamespaces.name, message, correction }, involves: [allNamespaces, namespace] }];
}

function checkConfigurations(isGiven: (row: Row<unknown>) => boolean): readonly Contradiction[] {
  const { config, configFile } = configurationRows;
  if (!isGiven(config) || !isGiven(configFile)) return [];
  const message = `got both \`${configFile.name}\` and \`${config.name}\`, expected only one of them`;
  const correction = `# remove \`${configFile.name}\` or \`${config.name}\``;
  return [{ violation: { input: configFile.name, message, correction }, involves: [config, configFile] }];
}

function findUserSecretContradictions(
  inputs: Inputs,
  isGiven: (row: Row<unknown>) => boolean,
): readonly Contradiction[] {
  const asksForNone = 'clientVerify' in inputs && inputs.clientVerify === 'none';
  return GENERATED_ONLY.filter(({ row }) => isGiven(row) && !(row === certificateRows.clientVerify && asksForNone)).map(
    reportNotGenerated,
  );
}

function reportNotGenerated({ row, because }: (typeof GENERATED_ONLY)[number]): Contradiction {
  const { serverTlsSecret } = certificateRows;
  return {
    violation: {
      input: row.name,
      message: `got both \`${row.name}\` and \`${serverTlsSecret.name}\`, expected only one of them: ${because}`,
      correction: `# remove \`${row.name}\` or \`${serverTlsSecret.name}\``,
    },
    involves: [row, serverTlsSecret],
  };
}

/**
 * Finds contradictions between the users and other inputs. It reports only names and positions, because the input holds
 * passwords.
 */
function findUserContradictions({ users, clientUser, clientVerify }: DeploymentInputs): readonly Contradiction[] {
  const found = users.flatMap(({ user, password }, index): readonly Contradiction[] => {
    const correction = formatWorkflowLine(credentialRows.users.name, findExample(credentialRows.users));
    const wrong = (message: string, other: Row<unknown>): Contradiction => ({
      violation: { input: credentialRows.users.name, message, correction },
      involves: [credentialRows.users, other],
    });
    if (isGenerationOf(user, clientUser)) {
      const message = `user ${index + 1} has the name \`${user}\`, which \`client-user\` has now or gets in a rotation, expected another name`;
      return [wrong(message, credentialRows.clientUser)];
    }
    const needsPassword = password === undefined && clientVerify !== 'verify-and-map';
    const message = `user ${index + 1} (\`${user}\`) has no \`password\`, expected one: only with \`client-verify: verify-and-map\` can a certificate replace the password`;
    return needsPassword ? [wrong(message, certificateRows.clientVerify)] : [];
  });
  return found.slice(0, 10);
}
