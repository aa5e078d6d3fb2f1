namespace Idflow.Documents.FrontMatter;

/// <summary>What a plain scalar without a tag is under YAML 1.1, by the resolution rules of the original's loader (PyYAML's safe loader).</summary>
internal enum ScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Float,
    Timestamp,

    /// <summary><c>&lt;&lt;</c>: as a key it merges maps, as a value it is an error.</summary>
    Merge,

    /// <summary><c>=</c>: YAML 1.1's default key, an error as a value.</summary>
    Default,
}
