namespace Idflow.Documents.Markdown;

/// <summary>Front matter keys with a meaning of their own; never properties.</summary>
internal static class ReservedKeys
{
    public const string Id = "id";
    public const string Status = "status";
    public const string Body = "body";
    public const string DocumentReferences = "_doc_refs";
    public const string FileReferences = "_file_refs";

    /// <summary>A flag that the original leaves behind at its second save.</summary>
    public const string Persisted = "_persisted";

    public static bool IsReserved(string key) => key is Id or Status or Body or DocumentReferences or FileReferences or Persisted;
}
