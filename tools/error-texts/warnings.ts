/** The meaning of each warning by the title of its annotation, as Markdown. */
export const WARNING_TEXTS: Readonly<Record<string, string>> = {
  CERTIFICATE_EXPIRING: '`verify`: a certificate or an operator JWT is due for renewal. Run `command: rotate`.',
  'Changed by admission': 'An admission policy changed fields of applied objects. The servers are not affected.',
  kubeconfig:
    'The run uses the kubeconfig of the home folder although no input names it, or a field of the kubeconfig is unsafe or misspelt.',
  'rendered-secrets': '`render` wrote passwords and private keys. Do not commit or upload these files.',
  Report: 'The report could not be written. The result of the run is not affected.',
  Secrets: 'The runner cannot mask a secret, because it is too short or too common.',
  'service-type': 'The Service got no external address, so the server certificate does not contain one.',
  'Short ca-overlap': '`ca-overlap` is too short for clients to read the new CA or user.',
  'Streams in memory':
    'Servers will restart, and streams that one server alone holds, in memory, will lose their messages.',
  Summary: 'The job summary could not be written. The result of the run is not affected.',
  TAKEOVER: 'The takeover disconnects clients or servers, or leaves the record of a Helm release.',
  users: 'The bcrypt cost of passwords is so high that logins slow the servers down.',
};
