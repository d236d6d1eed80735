import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

/** What a shell needs to know of a command. */
interface Known {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
  /** What its first argument may be, where that is one of a few words. */
  readonly words: readonly string[];
  /** Its own commands. */
  readonly commands: readonly Known[];
}

/** A script that completes the command line, made of the commands themselves. */
export function completionScript(shell: Shell, program: Command): string {
  return { bash, zsh, fish }[shell](knownOf(program));
}

const knownOf = (parent: Command): Known[] =>
  parent.commands
    .filter((command) => command.name() !== 'help')
    .map((command) => ({
      name: command.name(),
      about: command.description(),
      options: command.createHelp().visibleOptions(command),
      words: command.registeredArguments[0]?.argChoices ?? [],
      commands: knownOf(command),
    }));

const flagsOf = ({ short, long }: Option) => [short, long].flatMap((flag) => flag ?? []);
const takesValue = (option: Option) => option.required || option.optional;
const names = (known: readonly Known[]) => known.map(({ name }) => name);

/** What follows the names of commands, of which `depth` stand before. */
function bashCases(known: readonly Known[], depth: number): string {
  const cases = known.map(({ name, options, words, commands }) => {
    if (commands.length > 0)
      return `    ${name})
      if ((COMP_CWORD == ${depth + 1})); then _vacancy_offer -W '${names(commands).join(' ')} help --help'; return; fi
${bashCases(commands, depth + 1)} ;;`;
    const choices = options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(
        (option) =>
          `        ${flagsOf(option).join('|')}) _vacancy_offer -W '${option.argChoices?.join(' ')}'; return ;;`,
      );
    const others = options.filter((option) => takesValue(option) && option.argChoices === undefined).flatMap(flagsOf);
    return `    ${name})
      case $prev in
${choices.length > 0 ? `${choices.join('\n')}\n` : ''}${others.length > 0 ? `        ${others.join('|')}) _vacancy_offer -f; return ;;\n` : ''}        *) ;;
      esac
      if [[ $cur == -* ]]; then _vacancy_offer -W '${options.flatMap(flagsOf).join(' ')}'
      else _vacancy_offer ${words.length > 0 ? `-W '${words.join(' ')}'` : '-f'}; fi ;;`;
  });
  return `  case \${COMP_WORDS[${depth}]} in
${cases.join('\n')}
    help) _vacancy_offer -W '${names(known).join(' ')}' ;;
    *) _vacancy_offer -f ;;
  esac`;
}

function bash(known: readonly Known[]): string {
  return `# bash completion for vacancy: source <(vacancy completion bash)
_vacancy_offer() { mapfile -t COMPREPLY < <(compgen "$@" -- "$cur"); }
_vacancy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then _vacancy_offer -W '${names(known).join(' ')} help --help --version'; return; fi
${bashCases(known, 1)}
}
complete -o filenames -F _vacancy vacancy
`;
}

/** In single quotes, with what zsh's _arguments would take for its own kept from it. */
const zshWords = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

/** Offers commands, and then what follows the one that is there. */
function zshCases(known: readonly Known[]): string {
  const spec = (option: Option) => {
    const value = option.argChoices === undefined ? ':value:_files' : `:value:(${option.argChoices.join(' ')})`;
    const behind = `[${zshWords(option.description)}]${takesValue(option) ? value : ''}`;
    return flagsOf(option).map((flag) => `        '${flag}${behind}'`);
  };
  const cases = known.map(({ name, options, words, commands }) => {
    if (commands.length > 0) return `    ${name})\n${zshCases(commands)} ;;`;
    const rest = words.length > 0 ? `'1:name:(${words.join(' ')})'` : "'*:input:_files'";
    return `    ${name})\n      _arguments -s \\\n${[...options.flatMap(spec), `        ${rest}`].join(' \\\n')} ;;`;
  });
  return `  if ((CURRENT == 2)); then
    commands=(${known.map(({ name, about }) => `'${name}:${zshWords(about)}'`).join(' ')})
    _describe command commands
    return
  fi
  command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
    *) _files ;;
  esac`;
}

function zsh(known: readonly Known[]): string {
  return `#compdef vacancy
# zsh completion for vacancy: vacancy completion zsh > a folder of $fpath/_vacancy
_vacancy() {
  local command
  local -a commands
${zshCases(known)}
}
if [ "$funcstack[1]" = _vacancy ]; then _vacancy "$@"; else compdef _vacancy vacancy; fi
`;
}

const fishWords = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** @param above what is so where these commands may stand, and the commands that it takes. */
function fishLines(known: readonly Known[], above: { isSo: string; seen: string }): string[] {
  return known.flatMap(({ name, about, options, words, commands }) => {
    const seen = `${above.seen}__fish_seen_subcommand_from ${name}`;
    const nested = `${seen}; and not __fish_seen_subcommand_from ${names(commands).join(' ')}`;
    return [
      `complete -c vacancy -n ${fishWords(above.isSo)} -f -a ${name} -d ${fishWords(about)}`,
      ...(commands.length > 0 ? fishLines(commands, { isSo: nested, seen: `${seen}; and ` }) : []),
      ...(commands.length > 0 ? [] : options).map((option) => {
        const { short, long, description, argChoices } = option;
        return [
          `complete -c vacancy -n ${fishWords(seen)}`,
          ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
          ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
          ...(takesValue(option) ? ['-r'] : []),
          ...(argChoices === undefined ? [] : [`-f -a ${fishWords(argChoices.join(' '))}`]),
          `-d ${fishWords(description)}`,
        ].join(' ');
      }),
      ...(words.length === 0 ? [] : [`complete -c vacancy -n ${fishWords(seen)} -f -a ${fishWords(words.join(' '))}`]),
    ];
  });
}

function fish(known: readonly Known[]): string {
  const lines = fishLines(known, { isSo: '__fish_use_subcommand', seen: '' });
  return `# fish completion for vacancy: vacancy completion fish > ~/.config/fish/completions/vacancy.fish\n${lines.join('\n')}\n`;
}
