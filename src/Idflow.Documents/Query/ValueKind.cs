namespace Idflow.Documents.Query;

/// <summary>The kinds values are ordered by, in sort order.</summary>
internal enum ValueKind
{
    Boolean,
    Number,
    Version,
    Date,
    Text,
}
