using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Idflow.Documents.Stores;

/// <summary>How a store is opened.</summary>
public sealed record DocumentStoreOptions
{
    /// <summary>The folder with the status folders (<c>data</c>); made when the first document is stored.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>
    /// The folder that paths in messages and problems are relative to, as far as they are below it; else they are absolute. Null: the data folder.
    /// </summary>
    public string? MessageFolder { get; init; }

    /// <summary>
    /// The project's <c>.idflow</c> folder: <c>locks/</c> for the locks between processes, <c>cache/</c> for the index. Null: <c>.idflow</c> beside
    /// the data folder. All processes that open the same data folder must name the same one.
    /// </summary>
    public string? StateFolder { get; init; }

    /// <summary>How long a change waits for another process that holds the document. Default 30 s.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Called around changes; shared with who adds to it later.</summary>
    public DocumentHooks Hooks { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where new ids come from (documents, files, stage runs). Default: random.</summary>
    public Func<Guid> NewId { get; init; } = Guid.NewGuid;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
