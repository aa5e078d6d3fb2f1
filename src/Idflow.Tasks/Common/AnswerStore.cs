using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Idflow.Tasks.Common;

/// <summary>Something kept, and when.</summary>
internal sealed record Stored(JsonObject Value, DateTimeOffset At);

/// <summary>
/// Kept answers as JSON files by the hash of what was asked. A cache: a file that cannot be read or written counts as absent.
/// </summary>
internal sealed class AnswerStore(string folder, TimeProvider time)
{
    public static string KeyOf(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001F', parts))));

    public string PathOf(string key) => Path.Combine(folder, key[..2], key + ".json");

    /// <param name="key">Of <see cref="KeyOf"/>.</param>
    /// <param name="timeToLive">Older entries count as absent; null: no limit.</param>
    public Stored? Find(string key, TimeSpan? timeToLive = null)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(PathOf(key))) is not JsonObject entry || entry["value"] is not JsonObject value || (string?)entry["at"] is not { } at)
            {
                return null;
            }

            var stored = new Stored((JsonObject)value.DeepClone(), DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
            return timeToLive is { } limit && time.GetUtcNow() - stored.At > limit ? null : stored;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Keep(string key, JsonObject value)
    {
        var path = PathOf(key);
        var temporary = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var entry = new JsonObject { ["at"] = time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture), ["value"] = value.DeepClone() };
            File.WriteAllText(temporary, entry.ToJsonString());
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full or read-only disk costs the saving only.
        }
    }
}
