const DEEPEST = 5;

/** What a reference of the description names; anything else is itself. */
export function resolved(api, node) {
  const path = node?.$ref?.replace(/^#\//, '').split('/');
  return path ? path.reduce((at, key) => at?.[key], api) : node;
}

/** A schema as a person reads it: `{"name": string, "count"?: integer}`. */
export function written(api, schema, depth = 0) {
  const plain = resolved(api, schema);
  if (!plain || depth > DEEPEST) {
    return '…';
  }
  const parts = plain.allOf ?? plain.oneOf ?? plain.anyOf;
  if (parts) {
    return parts.map((part) => written(api, part, depth)).join(plain.allOf ? ' with ' : ' or ');
  }
  if (plain.enum || plain.const !== undefined) {
    return (plain.enum ?? [plain.const]).map((value) => JSON.stringify(value)).join(' | ');
  }
  if (plain.type === 'array') {
    return `[ ${written(api, plain.items, depth + 1)} … ]`;
  }
  if (plain.properties) {
    const space = '  '.repeat(depth + 1);
    const required = new Set(plain.required ?? []);
    const lines = Object.entries(plain.properties).map(
      ([name, value]) => `${space}"${name}"${required.has(name) ? '' : '?'}: ${written(api, value, depth + 1)}`,
    );
    return `{\n${lines.join(',\n')}\n${'  '.repeat(depth)}}`;
  }
  return [plain.type].flat().join(' or ') + (plain.format ? ` (${plain.format})` : '');
}
