import type { Command, Option } from 'commander';

export type Shell = 'bash' | 'zsh' | 'fish';

/** What a shell needs to know of a command. */
interface Known {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
  /** What its first argument may be, where that is one of a few words. */
  readonly words: readonly string[];
}

/** A script that completes the command line, made of the commands themselves. */
export function completionScript(shell: Shell, program: Command): string {
  const known = program.commands
    .filter((command) => command.name() !== 'help')
    .map(
      (command): Known => ({
        name: command.name(),
        about: command.description(),
        options: command.createHelp().visibleOptions(command),
        words: command.registeredArguments[0]?.argChoices ?? [],
      }),
    );
  return { bash, zsh, fish }[shell](known);
}

const flagsOf = ({ short, long }: Option) => [short, long].flatMap((flag) => flag ?? []);
const takesValue = (option: Option) => option.required || option.optional;
const names = (known: readonly Known[]) => known.map(({ name }) => name);

function bash(known: readonly Known[]): string {
  const cases = known.map(({ name, options, words }) => {
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
  return `# bash completion for vacancy: source <(vacancy completion bash)
_vacancy_offer() { mapfile -t COMPREPLY < <(compgen "$@" -- "$cur"); }
_vacancy() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then _vacancy_offer -W '${names(known).join(' ')} help --help --version'; return; fi
  case \${COMP_WORDS[1]} in
${cases.join('\n')}
    help) _vacancy_offer -W '${names(known).join(' ')}' ;;
    *) _vacancy_offer -f ;;
  esac
}
complete -o filenames -F _vacancy vacancy
`;
}

/** In single quotes, with what zsh's _arguments would take for its own kept from it. */
const zshWords = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');

function zsh(known: readonly Known[]): string {
  const spec = (option: Option) => {
    const value = option.argChoices === undefined ? ':value:_files' : `:value:(${option.argChoices.join(' ')})`;
    const behind = `[${zshWords(option.description)}]${takesValue(option) ? value : ''}`;
    return flagsOf(option).map((flag) => `        '${flag}${behind}'`);
  };
  const cases = known.map(({ name, options, words }) => {
    const rest = words.length > 0 ? `'1:name:(${words.join(' ')})'` : "'*:input:_files'";
    return `    ${name})\n      _arguments -s \\\n${[...options.flatMap(spec), `        ${rest}`].join(' \\\n')} ;;`;
  });
  return `#compdef vacancy
# zsh completion for vacancy: vacancy completion zsh > a folder of $fpath/_vacancy
_vacancy() {
  if ((CURRENT == 2)); then
    local -a commands=(${known.map(({ name, about }) => `'${name}:${zshWords(about)}'`).join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
    *) _files ;;
  esac
}
if [ "$funcstack[1]" = _vacancy ]; then _vacancy "$@"; else compdef _vacancy vacancy; fi
`;
}

const fishWords = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish(known: readonly Known[]): string {
  const lines = known.flatMap(({ name, about, options, words }) => [
    `complete -c vacancy -n __fish_use_subcommand -f -a ${name} -d ${fishWords(about)}`,
    ...options.map((option) => {
      const { short, long, description, argChoices } = option;
      return [
        `complete -c vacancy -n '__fish_seen_subcommand_from ${name}'`,
        ...(short === undefined ? [] : [`-s ${short.slice(1)}`]),
        ...(long === undefined ? [] : [`-l ${long.slice(2)}`]),
        ...(takesValue(option) ? ['-r'] : []),
        ...(argChoices === undefined ? [] : [`-f -a ${fishWords(argChoices.join(' '))}`]),
        `-d ${fishWords(description)}`,
      ].join(' ');
    }),
    ...(words.length === 0
      ? []
      : [`complete -c vacancy -n '__fish_seen_subcommand_from ${name}' -f -a ${fishWords(words.join(' '))}`]),
  ]);
  return `# fish completion for vacancy: vacancy completion fish > ~/.config/fish/completions/vacancy.fish\n${lines.join('\n')}\n`;
}
