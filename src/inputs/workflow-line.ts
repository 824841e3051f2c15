/** Formats a line of a workflow's `with:`, quoted only where YAML needs it; several lines of text become a block. */
export function workflowLine(name: string, value: string): string {
  if (value.includes('\n')) return [`${name}: |`, ...value.split('\n').map((line) => `  ${line}`)].join('\n');
  const plain = /^[A-Za-z0-9/][\w./:+,@ -]*$/.test(value) && !/: |:$| $/.test(value);
  const expression = /^\$\{\{[^{}]*\}\}$/.test(value);
  return `${name}: ${plain || expression ? value : `'${value.replaceAll("'", "''")}'`}`;
}
