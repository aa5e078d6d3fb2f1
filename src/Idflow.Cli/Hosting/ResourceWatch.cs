using Idflow.Pipeline.Resources;

namespace Idflow.Cli.Hosting;

/// <summary>
/// Tells which of a project's resources changed on disk, once for changes that come close together, as an editor or git makes them. It looks
/// at stamps, since the notices of an operating system know no folder that comes later and no file of a network drive.
/// </summary>
internal sealed class ResourceWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private readonly ProjectResources _resources;
    private readonly TimeProvider _time;
    private ResourceStamps _known;

    /// <param name="resources">What changes count from now on.</param>
    /// <param name="time">The clock.</param>
    public ResourceWatch(ProjectResources resources, TimeProvider time)
    {
        (_resources, _time) = (resources, time);
        _known = ResourceStamps.Take(resources);
    }

    /// <summary>Waits for changes that are whole: two looks in a row saw the same.</summary>
    public async Task<IReadOnlyList<ResourceChange>> NextAsync(CancellationToken cancellationToken)
    {
        var before = _known;
        while (true)
        {
            await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
            if (Look() is not { } now)
            {
                continue;
            }

            if (now.ChangedSince(before).Count == 0 && now.ChangedSince(_known) is { Count: > 0 } changed)
            {
                _known = now;
                return changed;
            }

            before = now;
        }
    }

    /// <summary>Null while the folders change under the look.</summary>
    private ResourceStamps? Look()
    {
        try
        {
            return ResourceStamps.Take(_resources);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
