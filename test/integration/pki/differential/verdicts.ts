import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { inspectUserSecret } from '../../../../src/pki/user-secret.ts';
import { inFolder } from '../folder.ts';
import type { Case } from './chain.ts';

/** Returns `ok`, or the refusal of Go, for each case. */
export function goVerdicts(cases: readonly Case[]): readonly string[] {
  const input = JSON.stringify(
    cases.map(({ chain, privateKey, trusted, names, usages, now }) => ({
      Chain: chain,
      PrivateKey: privateKey,
      Trusted: trusted,
      Names: names,
      Usages: usages,
      Now: now,
    })),
  );
  return inFolder((folder) => {
    copyFileSync(new URL('verdicts.go', import.meta.url), folder.path('main.go'));
    folder.write('go.mod', 'module verdicts\n\ngo 1.24\n');
    const maxBuffer = 64 * 1024 * 1024;
    const output = execFileSync('go', ['run', '.'], { cwd: folder.path('.'), input, encoding: 'utf8', maxBuffer });
    return output.trim().split('\n');
  });
}

/** Returns `ok`, or the action's refusal of such a Secret. */
export function ownVerdict({ chain, privateKey, trusted, names, usages, now }: Case): string {
  const { violations } = inspectUserSecret({
    certificate: chain,
    privateKey,
    trust: trusted,
    fields: { certificate: 'tls.crt', privateKey: 'tls.key', trust: 'ca.crt' },
    wanted: { dnsNames: names, ipAddresses: [], usages },
    now,
  });
  return violations.length === 0
    ? 'ok'
    : violations.map(({ reason, field, message }) => `${reason} ${field}: ${message}`).join('; ');
}
