/**
 * Checks a subject as `isValidSubject` of nats-server `server/sublist.go` does: tokens between dots, `>` only as the
 * last of them.
 */
export function isValidSubject(subject: string): boolean {
  const tokens = subject.split('.');
  return (
    !/[\s\p{Cc}]/u.test(subject) &&
    tokens.every((token, index) => token !== '' && (token !== '>' || index === tokens.length - 1))
  );
}
