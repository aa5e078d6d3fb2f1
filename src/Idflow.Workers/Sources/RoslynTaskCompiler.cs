using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Idflow.Workers.Sources;

/// <summary>Compiles a source without directives in this process; needs the runtime only, not the SDK.</summary>
internal sealed class RoslynTaskCompiler : ITaskCompiler
{
    /// <summary>What a file-based program has without writing it, and this room's names.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Idflow.Workers;
        """;

    private static readonly string[] FrameworkPrefixes = ["System.", "Microsoft.CSharp", "Microsoft.VisualBasic", "Microsoft.Win32.", "netstandard", "mscorlib", "WindowsBase"];
    private static readonly string[] Contract = ["System", "Idflow.Workers", "Idflow.Conductor", "Microsoft.Extensions.Logging.Abstractions"];
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(FindReferences);

    public async Task CompileAsync(TaskSource source, string text, string outputDirectory, CancellationToken cancellationToken)
    {
        if (References.Value.Count == 0)
        {
            throw new TaskSourceException(source, "the runtime's own libraries are not on disk as files, so nothing can be compiled against them; use an installation that is not a single file.");
        }

        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.Parse);
        var compilation = CSharpCompilation.Create(
            source.Name,
            [
                CSharpSyntaxTree.ParseText(SourceText.From(text, Encoding.UTF8), options, source.Path, cancellationToken),
                CSharpSyntaxTree.ParseText(ImplicitUsings, options, cancellationToken: cancellationToken),
            ],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, deterministic: true, nullableContextOptions: NullableContextOptions.Enable, concurrentBuild: false));
        var result = await Task.Run(() => Emit(compilation, source, outputDirectory, cancellationToken), cancellationToken);
        if (!result.Success)
        {
            throw new TaskSourceException(source, [.. result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).OrderBy(d => d.Location.SourceSpan.Start).Select(d => Problem(source, d))]);
        }
    }

    private static EmitResult Emit(CSharpCompilation compilation, TaskSource source, string directory, CancellationToken cancellationToken)
    {
        var stem = Path.Combine(directory, source.Name);
        using var assembly = File.Create(stem + ".dll");
        using var symbols = File.Create(stem + ".pdb");
        using var docs = File.Create(stem + ".xml");
        return compilation.Emit(assembly, symbols, docs, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
    }

    private static SourceProblem Problem(TaskSource source, Diagnostic diagnostic)
    {
        var position = diagnostic.Location.GetLineSpan();
        var message = $"{diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} ({diagnostic.Id})";
        return position.IsValid
            ? new SourceProblem(source.Path, position.StartLinePosition.Line + 1, position.StartLinePosition.Character + 1, message)
            : new SourceProblem(source.Path, 0, 0, message);
    }

    /// <summary>The framework and the contract of task methods; nothing of the rest of the product.</summary>
    private static IReadOnlyList<MetadataReference> FindReferences()
    {
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. trusted.Where(path => IsReference(Path.GetFileNameWithoutExtension(path))).Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }

    private static bool IsReference(string name) =>
        Contract.Contains(name) || FrameworkPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)) && !name.StartsWith("System.CommandLine", StringComparison.Ordinal);
}
