using Microsoft.Extensions.Logging;

namespace Idflow.Cli.Hosting;

/// <summary>Writes log lines of the libraries as diagnostics.</summary>
internal sealed class WriterLogger(TextWriter writer, LogLevel least) : ILogger, ILoggerFactory
{
    private readonly Lock _lock = new();

    /// <summary>Whether exceptions come with their stack trace.</summary>
    private bool WithTraces => least < LogLevel.Warning;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var label = logLevel switch { LogLevel.Warning => "warning: ", >= LogLevel.Error => "error: ", _ => "" };
        lock (_lock)
        {
            var cause = exception is null ? "" : (WithTraces ? Environment.NewLine : ": ") + (WithTraces ? exception.ToString() : exception.Message);
            writer.WriteLine(label + Rendering.TerminalText.Escape(formatter(state, exception) + cause));
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Diagnostics have one writer.");

    public void Dispose()
    {
    }
}
