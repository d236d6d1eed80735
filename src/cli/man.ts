import type { Command } from 'commander';

/** Text in roff: what the formatter would take for its own is kept from it. */
const roff = (text: string) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');

const STATUS = [
  ['0', 'every input gave a record without an error; no finding at the level of --fail-on'],
  ['1', 'some input gave an error record, or there was such a finding'],
  ['2', 'the command line was wrong, no input matched, or the output cannot be written'],
  ['130, 143', 'interrupted, terminated: what was written is whole records'],
] as const;

/** A program's commands, and theirs in their place, with all words of their names. */
function commandsOf(parent: Command, above = ''): { words: string; command: Command }[] {
  return parent.commands
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => {
      const words = `${above}${command.name()}`;
      return command.commands.length > 0 ? commandsOf(command, `${words} `) : [{ words, command }];
    });
}

/** The manual page of the command line, made of the commands themselves, in roff. */
export function manualPage(program: Command, version: string): string {
  const commands = commandsOf(program);
  const lines = [
    `.TH VACANCY 1 "" "vacancy-parser ${version}" "User Commands"`,
    '.SH NAME',
    `vacancy \\- ${roff(program.description())}`,
    '.SH SYNOPSIS',
    ...commands.flatMap(({ words, command }) => ['.B vacancy', `${roff(`${words} ${command.usage()}`)}`, '.br']),
    '.SH COMMANDS',
    ...commands.flatMap(({ words, command }) => {
      const help = command.createHelp();
      return [
        `.SS vacancy ${roff(words)}`,
        roff(command.description()),
        ...help
          .visibleArguments(command)
          .flatMap((argument) => [
            '.TP',
            `.I ${roff(help.argumentTerm(argument))}`,
            roff(help.argumentDescription(argument)),
          ]),
        ...help
          .visibleOptions(command)
          .flatMap((option) => ['.TP', `.B ${roff(help.optionTerm(option))}`, roff(help.optionDescription(option))]),
      ];
    }),
    '.SH EXIT STATUS',
    ...STATUS.flatMap(([status, about]) => ['.TP', `.B ${status}`, roff(about)]),
    '.SH ENVIRONMENT',
    '.B NO_COLOR, FORCE_COLOR, CI',
    'are honoured.',
    '.br',
    '.B VACANCY_REDIS_URL',
    'is the address of Redis for the queue.',
    '.SH SEE ALSO',
    'README.md of the package: the record field by field, all codes, recipes.',
  ];
  return `${lines.join('\n')}\n`;
}
