using System.CommandLine;

namespace Idflow.Cli.Commands;

/// <summary><c>idflow completion SHELL</c>: a script that completes commands and options by asking idflow itself.</summary>
internal static class CompletionCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Prints a completion script for a shell.") { shell };
        command.WithExamples(
            "idflow completion bash > ~/.local/share/bash-completion/completions/idflow",
            "idflow completion fish > ~/.config/fish/completions/idflow.fish");
        return command.Does(environment, context =>
        {
            context.Output.Raw(ScriptFor(context.Parse.GetRequiredValue(shell)));
            return Task.FromResult(ExitCodes.Done);
        });
    }

    private static string ScriptFor(string shell) => shell switch
    {
        "bash" => """
            _idflow() {
              local IFS=$'\n'
              COMPREPLY=($(idflow "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null))
            }
            complete -o default -F _idflow idflow

            """,
        "zsh" => """
            #compdef idflow
            _idflow() {
              local -a found
              found=("${(@f)$(idflow "[suggest:${#LBUFFER}]" "${LBUFFER}" 2>/dev/null)}")
              (( ${#found} )) && compadd -a found || _files
            }
            compdef _idflow idflow

            """,
        "fish" => """
            function __idflow_complete
              set -l line (commandline -cp)
              idflow "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null
            end
            complete -c idflow -a '(__idflow_complete)'

            """,
        _ => """
            Register-ArgumentCompleter -Native -CommandName idflow -ScriptBlock {
              param($word, $ast, $position)
              idflow "[suggest:$position]" "$ast" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }

            """,
    };
}
