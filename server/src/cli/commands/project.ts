import { readFile } from 'node:fs/promises';
import { ConcordError } from '@concord/core/errors/concord-error';
import { modalities } from '@concord/core/modalities/registry';
import type { ProjectSummary } from '@concord/core/protocol/resources';
import type { ClassDef } from '@concord/core/records/label-schema';
import { defaultRules, type Project } from '@concord/core/records/project';
import { type Command, Option } from 'commander';
import { type ConnectionOptions, connect, everyPage, withConnection } from '../connection.ts';
import { table } from '../output.ts';

interface CreateOptions extends ConnectionOptions {
  readonly modality?: string;
  readonly classes?: string;
  readonly overlap?: string;
  readonly guidelines?: string;
  readonly from?: string;
}

const palette = ['#2563eb', '#d97706', '#059669', '#db2777', '#7c3aed', '#0891b2', '#dc2626', '#65a30d'];

export function projectCommands(program: Command): void {
  const project = program.command('project').description('projects');

  withConnection(project.command('list'))
    .option('--archived', 'archived ones too', false)
    .description('projects with their volume')
    .action(async (options: ConnectionOptions & { archived: boolean }) => {
      const { api, output } = connect(options);
      const found: ProjectSummary[] = [];
      for await (const one of everyPage<ProjectSummary>(api, `/projects?archived=${options.archived}`))
        found.push(one);
      output.result(
        found,
        table(
          ['id', 'name', 'tasks', 'open', 'disputed', 'finalized'],
          found.map((s) => [s.project.id, s.project.name, s.tasks, s.open, s.disputed, s.finalized]),
        ),
      );
    });

  withConnection(project.command('create'))
    .argument('<name>')
    .description('new project')
    .addOption(new Option('--modality <name>', 'the kind of work').choices([...modalities.keys()]))
    .option('--classes <list>', 'class names with commas between; the modality’s own when left out')
    .option('--overlap <min,max>', 'how many people label each item', '2,3')
    .option('--guidelines <file>', 'a Markdown file')
    .option('--from <file>', 'the whole project as JSON, as the API takes it')
    .action(async (name: string, options: CreateOptions) => {
      const { api, output } = connect(options);
      const body = options.from
        ? { ...(JSON.parse(await readFile(options.from, 'utf8')) as object), name }
        : await describe(name, options);
      const made = await api.post<Project>('/projects', body);
      output.result(made, `${made.id}  ${made.name}`);
    });
}

async function describe(name: string, options: CreateOptions): Promise<object> {
  const modality = modalities.get(options.modality ?? '');
  if (!modality)
    throw new ConcordError(
      'input.invalid',
      `Give --modality (${[...modalities.keys()].join(', ')}) or --from.`,
    );
  const names = options.classes
    ?.split(',')
    .map((c) => c.trim())
    .filter((c) => c !== '');
  const classes: readonly ClassDef[] =
    names?.map((c, i) => ({ name: c, color: palette[i % palette.length] ?? '#2563eb' })) ??
    modality.defaultClasses;
  const [min, max] = (options.overlap ?? '2,3').split(',').map(Number);
  return {
    name,
    schema: { modality: modality.name, classes },
    ...(options.guidelines ? { guidelines: await readFile(options.guidelines, 'utf8') } : {}),
    rules: { ...defaultRules, overlap: { min, max: max ?? min } },
  };
}
