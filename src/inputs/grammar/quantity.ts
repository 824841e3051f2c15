/** apimachinery `resource.Quantity`: decimal number with a binary, decimal or exponent suffix. */
const QUANTITY =
  /^(?<digits>\d{1,15}(?:\.\d{1,9})?|\.\d{1,9})(?<suffix>m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,2})?$/;

const FACTORS: ReadonlyMap<string, number> = new Map([
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** Returns the amount of a Kubernetes quantity (`100m` → 0.1, `1Ki` → 1024); undefined if it is invalid. */
export function parseQuantity(text: string): number | undefined {
  const { digits, suffix = '' } = QUANTITY.exec(text)?.groups ?? {};
  if (digits === undefined) return undefined;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`${digits}${suffix}`);
  return Number(digits) * (FACTORS.get(suffix) ?? 1);
}
