import { COMPLETION_ENTRY } from "./entry_name.ts";
import { PROGRAM_NAME } from "./program_name.ts";
import type { Shell } from "./shells.ts";

/** A line of every script, by which a file is known to be ours. */
export function markOf(shell: Shell, name = PROGRAM_NAME): string {
  return `# Completion of ${name} for ${shell}, printed by: ${name} completions ${shell}`;
}

/**
 * The script that makes a shell complete the program. It asks the program that is being completed,
 * by the name that was typed; where that is none (an alias), the one on PATH.
 *
 * @param name of the program
 */
export function scriptOf(shell: Shell, name = PROGRAM_NAME): string {
  return templateOf(shell).replaceAll(`_${PROGRAM_NAME}`, `_${identifierOf(name)}`)
    .replaceAll(new RegExp(`(?<![\\w-])${PROGRAM_NAME}\\b`, "g"), name);
}

/** The name of a program as it can stand in the name of a function. */
export function identifierOf(name: string): string {
  return name.replaceAll(/\W/g, "_");
}

function templateOf(shell: Shell): string {
  switch (shell) {
    case "bash":
      return BASH;
    case "zsh":
      return ZSH;
    case "fish":
      return FISH;
    case "powershell":
      return POWERSHELL;
  }
}

/** For bash 3.2 and later, in posix mode too: no mapfile, no process substitution, no here-string. */
const BASH = `${markOf("bash")}

_limacharlie() {
  local program=$1 replaced=\${2-} line=\${COMP_LINE:0:COMP_POINT} rest=\${COMP_LINE:COMP_POINT}
  local answer directives
  COMPREPLY=()
  case $COMP_WORDBREAKS in
    # Behind another command, such as sudo, it is the sign that words are broken at.
    *"$replaced"*) replaced= ;;
  esac
  if [ "\${BASH_VERSINFO[0]}" -lt 4 ]; then
    # It counts bytes.
    line=$(LC_ALL=C && printf '%s' "\${COMP_LINE:0:COMP_POINT}")
    rest=$(LC_ALL=C && printf '%s' "\${COMP_LINE:COMP_POINT}")
  fi
  case $program in
    \\~/*) program=$HOME/\${program#\\~/} ;;
  esac
  type -P "$program" >/dev/null 2>&1 || program=limacharlie
  answer=$(
    "$program" ${COMPLETION_ENTRY} bash "\${COMP_TYPE:-plain}" "\${COLUMNS:-80}" \\
      "$replaced" "$line" "$rest" 2>/dev/null </dev/null
  ) || return 0
  directives=\${answer%%$'\\n'*}
  while :; do
    case $answer in
      *$'\\n'*) answer=\${answer#*$'\\n'} ;;
      *) break ;;
    esac
    COMPREPLY[\${#COMPREPLY[@]}]=\${answer%%$'\\n'*}
  done
  if type compopt >/dev/null 2>&1; then
    case $directives in
      *files*) compopt -o default ;;
    esac
    case $directives in
      *open*) compopt -o nospace ;;
    esac
  fi
}

if [ "\${BASH_VERSINFO[0]}" -gt 4 ] ||
  { [ "\${BASH_VERSINFO[0]}" -eq 4 ] && [ "\${BASH_VERSINFO[1]}" -ge 4 ]; }; then
  complete -o nosort -F _limacharlie limacharlie
elif [ "\${BASH_VERSINFO[0]}" -eq 4 ]; then
  complete -F _limacharlie limacharlie
else
  # It has no compopt: where nothing else is known, files are completed.
  complete -o default -o nospace -F _limacharlie limacharlie
fi
`;

const ZSH = `#compdef limacharlie
${markOf("zsh")}

_limacharlie() {
  local program=\${(Q)words[1]} answer line
  local -a lines values shown options expl
  program=\${program/#\\~\\//$HOME/}
  whence -p -- "$program" >/dev/null || program=limacharlie
  answer=$(
    "$program" ${COMPLETION_ENTRY} zsh "$COLUMNS" $((CURRENT - 2)) "\${(@Q)words[2,CURRENT-1]}" \\
      "\${(Q)PREFIX}" "\${(@Q)words[CURRENT+1,-1]}" 2>/dev/null </dev/null
  ) || return 1
  lines=("\${(@f)answer}")
  if [[ $lines[1] == *files* ]]; then
    compset -P '--*='
    _files
    return
  fi
  [[ $lines[1] == *open* ]] && options=(-S '')
  for line in "\${(@)lines[2,-1]}"; do
    values+=("\${line%%$'\\t'*}")
    shown+=("\${line#*$'\\t'}")
  done
  _wanted -V limacharlie expl candidate compadd "\${(@)options}" -l -d shown -a values
}

if [[ "\${funcstack[*]}" == _limacharlie* ]]; then
  _limacharlie "$@"
elif (( \${+functions[compdef]} )); then
  compdef _limacharlie limacharlie
fi
`;

const FISH = `${markOf("fish")}

function __limacharlie_complete
    set -l words (commandline -opc)
    set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
    command -sq -- $program; or set program limacharlie
    set -l current (commandline -ct)
    set -l answer (command $program ${COMPLETION_ENTRY} fish $words[2..-1] "$current" 2>/dev/null </dev/null)
    if string match -q '*files*' -- "$answer[1]"
        set -l option (string match -r -- '^--[^=]*=' "$current")
        set -l word (string replace -- "$option" '' "$current")
        for file in (complete -C "'' $word")
            printf '%s%s\\n' "$option" $file
        end
    else if set -q answer[2]
        printf '%s\\n' $answer[2..-1]
    end
end

complete -c limacharlie -f -k -a '(__limacharlie_complete)'
`;

const POWERSHELL = `${markOf("powershell")}

Register-ArgumentCompleter -Native -CommandName @('limacharlie', 'limacharlie.exe') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $textOf = {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $_.Value
        } else {
            $_.Extent.Text
        }
    }
    $elements = $commandAst.CommandElements
    $before = @($elements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object $textOf)
    $behind = @($elements | Where-Object { $_.Extent.StartOffset -gt $cursorPosition } | ForEach-Object $textOf)
    $program = if ($before.Count -gt 0) { $before[0] } else { 'limacharlie' }
    if (-not (Get-Command -Name $program -CommandType Application -ErrorAction SilentlyContinue)) {
        $program = 'limacharlie'
    }
    $words = @($before | Select-Object -Skip 1)
    $answer = @(& $program ${COMPLETION_ENTRY} powershell $words.Count @words "=$wordToComplete" @behind 2>$null)
    if ($answer.Count -gt 0 -and $answer[0] -match 'files') { return }
    $candidates = @($answer | Select-Object -Skip 1)
    # Without any candidate PowerShell would complete names of files.
    if ($candidates.Count -eq 0) { return '' }
    foreach ($candidate in $candidates) {
        $text, $shown, $what = $candidate -split "\`t", 3
        [System.Management.Automation.CompletionResult]::new($text, $shown, 'ParameterValue', $what)
    }
}
`;
