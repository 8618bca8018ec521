import type { OptionTable } from './option-table.ts';

/** The options as --help prints them: flag, help, default and environment name. */
export function renderHelp(table: OptionTable): string {
  const rows = Object.values(table).map((row) => ({
    left: `  --${row.flag}${row.value === null ? '' : ` ${row.value}`}`,
    row,
  }));
  const width = Math.max(...rows.map((each) => each.left.length)) + 2;
  return rows
    .map(({ left, row }) => {
      const fallback = row.fallback === '' ? 'not set' : row.fallback;
      return `${left.padEnd(width)}${row.help}\n${' '.repeat(width)}[default: ${fallback}; env: ${row.env}]`;
    })
    .join('\n');
}

/** The text of .env.example: every variable, commented out, with its default. */
export function renderEnvExample(table: OptionTable): string {
  const rows = Object.values(table).map((row) => `# ${row.help}\n# ${row.env}=${row.fallback}\n`);
  return `# Every setting of Concord, with its default. Take the # away from the lines you change.\n\n${rows.join('\n')}`;
}

/** The options as a Markdown table, for the documents. */
export function renderMarkdown(table: OptionTable): string {
  const rows = Object.values(table).map((row) => {
    const flag = `\`--${row.flag}${row.value === null ? '' : ` ${row.value}`}\``;
    const fallback = row.fallback === '' ? '' : `\`${row.fallback}\``;
    return `| ${flag} | \`${row.env}\` | ${fallback} | ${row.help} |`;
  });
  return ['| option | environment | default | what it does |', '| --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
}
